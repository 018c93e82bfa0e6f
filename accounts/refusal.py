class Refused(ValueError):
    """A service will not do what was asked; the message says why and what to do instead."""
