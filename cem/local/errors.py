"""What ends a command with one line instead of a traceback."""


class RefusedError(Exception):
    """Something the user can mend. The message says what is wrong, where, and what to do next."""


class Stopped(Exception):
    """A signal asked us to stop; everything that was started is stopped on the way out."""
