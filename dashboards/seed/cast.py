"""Who can log in to a seeded organization: read each time the demo starts, so nothing heavy is loaded here."""

from dataclasses import dataclass

from accounts.roles import Role


@dataclass(frozen=True)
class LogIn:
    name: str
    role: Role
    #: Position among the employees for those who serve customers; None for the others.
    employee: int | None = None


#: Somebody of each kind.
CAST = (
    LogIn("Marit Halden", Role.OWNER),
    LogIn("Rui Prata", Role.ADMIN),
    LogIn("Tess Vermeer", Role.MANAGER, employee=80),
    LogIn("Ana Lindqvist", Role.ANALYST),
    LogIn("Jos Smit", Role.AGENT, employee=81),
    LogIn("Victor Hale", Role.VIEWER),
)
OUTSIDER = (LogIn("Olive Brand", Role.OWNER),)


def email_of(log_in: LogIn, slug: str) -> str:
    return f"{log_in.name.lower().replace(' ', '.')}@{slug}.example"
