"""Operational studies: how a measure of a contact goes with the answer about that contact."""
