"""Linkage studies: asking, running, computing and wording them."""
