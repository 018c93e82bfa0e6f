"""Keys with which programs come in."""
