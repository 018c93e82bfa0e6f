"""The small base that every room may import. It imports no room."""
