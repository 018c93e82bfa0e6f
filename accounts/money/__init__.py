"""Dated exchange rates into the reporting currency."""
