"""The three addresses the application needs, and where they come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from cem.local.errors import RefusedError

NAMES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


@dataclass(frozen=True)
class Addresses:
    database: str
    owner: str
    redis: str

    def serving(self) -> dict[str, str]:
        """What web, worker and beat may know: never the owner, whom the tenant policies do not bind."""
        return {"DATABASE_URL": self.database, "REDIS_URL": self.redis}

    def everything(self) -> dict[str, str]:
        """What migrate, seed, tests and the person at the keyboard may know."""
        return {**self.serving(), "DATABASE_OWNER_URL": self.owner}


def separate(environ: Mapping[str, str]) -> Addresses | None:
    """Servers named by the environment, or None when none is. Naming only some is a mistake, not a wish."""
    missing = [name for name in NAMES if not environ.get(name)]
    if len(missing) == len(NAMES):
        return None
    if missing:
        given = ", ".join(name for name in NAMES if name not in missing)
        raise RefusedError(
            f"{given} is set but {' and '.join(missing)} is not: set all three, or none for private servers"
        )
    return Addresses(*(environ[name] for name in NAMES))


def database(user: str, password: str, name: str, socket: Path) -> str:
    folder = quote(str(socket), safe="")
    return f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@/{name}?host={folder}&port=5432"


def redis(password: str, port: int) -> str:
    return f"redis://:{quote(password, safe='')}@127.0.0.1:{port}/0"
