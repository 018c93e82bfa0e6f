"""Front line: finding a customer, and the single view of one."""
