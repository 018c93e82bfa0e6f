#!/usr/bin/env python
"""Django's command line."""

import os
import sys


def main() -> None:
    if sys.argv[1:2] == ["up"]:
        # Settings need the addresses of the servers that `up` is about to start, so it runs before them.
        from cem.local.__main__ import main as local

        sys.exit(local(sys.argv[1:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cem.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            "Django is not installed here. `make demo` or `make test` sets everything up."
        ) from error
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
