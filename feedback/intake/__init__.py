"""Taking answers: from a token to a stored response, and what follows from it."""
