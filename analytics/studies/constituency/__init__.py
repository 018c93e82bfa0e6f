"""Constituency studies: how employees' answers of a unit go with the answers of the customers it serves."""
