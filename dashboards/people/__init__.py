"""Whose customers a member sees."""
