"""Studies and their runs: what goes with what customers say."""
