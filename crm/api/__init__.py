"""Customers, transactions and interactions over REST."""
