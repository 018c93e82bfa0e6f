"""Single records that come in one at a time: customers, and what they did."""
