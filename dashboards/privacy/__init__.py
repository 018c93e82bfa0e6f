"""Handing out and erasing one customer, and how long each kind of data is kept."""
