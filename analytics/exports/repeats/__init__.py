"""The scripts that repeat runs, in pieces: what stands below `# ---` of `common` and of a kind is one file."""
