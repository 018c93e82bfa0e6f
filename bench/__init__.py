"""Figures, as ratios against a baseline of the same run on the same machine. `make bench`, `make bench SIZE=large`."""
