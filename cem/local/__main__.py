"""`python -m cem.local up` (what `manage.py up` becomes) and `python -m cem.local exec`."""

import argparse
import os
import sys
from collections.abc import Sequence

from cem.local.errors import RefusedError
from cem.local.foreground import execute
from cem.local.up import up


def add_up_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", default=os.environ.get("PORT") or "8000", help="web port (env PORT, default 8000)"
    )
    parser.add_argument("--seed", action="store_true", help="fill an empty installation with the demo data")
    parser.add_argument("--var", help="data folder (env CEM_VAR, default var/)")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m cem.local", description=__doc__)
    commands = parser.add_subparsers(dest="verb", required=True)
    add_up_options(commands.add_parser("up", help="start servers, web, worker and beat"))
    run = commands.add_parser("exec", help="run a command with PostgreSQL and Redis around it")
    run.add_argument("--var", help="data folder (env CEM_VAR, default var/)")
    run.add_argument("--test", action="store_true", help="in var/test, fast and careless about power cuts")
    run.add_argument("command", nargs="+", metavar="CMD", help="after --")
    given = parser.parse_args(arguments)
    try:
        if given.verb == "up":
            return up(var=given.var, port=_port(given.port), seed=given.seed)
        return execute(given.command, var=given.var, test=given.test)
    except RefusedError as refused:
        sys.stderr.write(f"cem: {refused}\n")
        return 1


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise RefusedError(f"PORT={text} is not a port: a number from 1 to 65535, for example PORT=8080")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
