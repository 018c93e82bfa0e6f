from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What a provider says about somebody, after its answer was verified; whether to act on it is not said here."""

    subject: str
    email: str = ""
    #: None where the provider does not say.
    email_verified: bool | None = None
    name: str = ""
    groups: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "groups": list(self.groups)}

    @classmethod
    def of(cls, found: dict[str, Any]) -> "Claims":
        return cls(**{**found, "groups": tuple(found["groups"])})
