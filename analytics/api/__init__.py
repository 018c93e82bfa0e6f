"""Linkage studies and their runs over REST."""
