"""Responses and scores over REST."""
