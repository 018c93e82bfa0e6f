"""What differs between kinds of study: settings, frame, computation and words. Runs and repetitions ask here.

A kind's modules are loaded when it is needed, so that a page that starts a run does not load what computes it.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from .constituency.settings import Settings as Constituency
from .operational.settings import Settings as Operational
from .settings import Settings as Financial

Json = dict[str, Any]
Progress = Callable[[float, str], None]
Settings: TypeAlias = Financial | Operational | Constituency

_SETTINGS: dict[str, Any] = {
    "financial": Financial,
    "operational": Operational,
    "constituency": Constituency,
}
#: What a run says while it builds its frame.
JOINING = {
    "financial": "Joining answers with what customers did",
    "operational": "Joining answers with the contacts they are about",
    "constituency": "Joining employees’ answers with those of the customers they served",
}


def kind_of(stored: Mapping[str, Any]) -> str:
    """Of settings or of a result; those from before there were kinds are financial."""
    return str(stored.get("kind", "financial"))


def settings_of(stored: Mapping[str, Any]) -> Settings:
    """A run's settings: those of its kind.

    Raises:
        ValueError: on a kind that this version does not know.
    """
    if kind_of(stored) not in _SETTINGS:
        raise ValueError(f"kind: {kind_of(stored)!r} is not a kind of study that this version computes.")
    found: Settings = _SETTINGS[kind_of(stored)].from_json(stored)
    return found


def build(settings: Settings, path: Path, *, alive: Callable[[], None]) -> tuple[Any, str]:
    """The frame at `path`: what was built (rows, digest, ledger), and in words what was joined."""
    from analytics.frames import constituency, financial, operational

    if isinstance(settings, Operational):
        built = operational.build(settings.question(), path, alive=alive)
        return built, f"{built.rows:,} contacts joined"
    if isinstance(settings, Constituency):
        built = constituency.build(settings.question(), path, alive=alive)
        return built, f"{built.rows:,} team-{settings.period}s joined"
    built = financial.build(settings.question(), path, alive=alive)
    return built, f"{built.rows:,} customers joined"


def parts(settings: Settings, *, alive: Callable[[], None]) -> dict[str, Callable[[Path], Json]]:
    """What builds each frame beside the study's own, by name; {} for kinds that have none."""
    if not isinstance(settings, Financial):
        return {}
    from analytics.frames import parts as beside

    return beside.jobs(settings.question(), settings.outcomes, alive=alive)


def compute(
    settings: Settings, path: Path, progress: Progress, stored: Mapping[str, Json] | None = None
) -> Json:
    """A frame's result as a run stores it, with "findings", its sentences.

    Args:
        stored: the run's parts, whose files lie beside `path`; without them only the link is computed, as runs
            from before there were parts have it.
    """
    from analytics.frames import store

    if isinstance(settings, Operational):
        from .operational import compute as operational
        from .operational import findings as of_contacts

        contacts = operational.compute(store.read(path), settings, progress)
        return {**contacts.to_json(), "findings": of_contacts.write(contacts).to_json()}
    if isinstance(settings, Constituency):
        from .constituency import compute as constituency
        from .constituency import findings as of_teams

        teams = constituency.compute(store.read(path), settings, progress)
        return {**teams.to_json(), "findings": of_teams.write(teams).to_json()}
    from analytics.frames import parts as beside

    from . import compute as financial
    from . import findings

    customers = financial.compute(
        store.read(path, without=("customer",)),
        settings,
        progress,
        parts=beside.read(path, dict(stored or {})),
    )
    plain = customers.to_json()
    return {**plain, **_whiskers(plain), "findings": findings.write(customers).to_json()}


def _whiskers(result: Json) -> Json:
    """A financial result's "kind", "link" and "placebo", as results of every kind have them."""
    first = next(iter(result["contrasts"]), None)
    unit = result["facts"]["unit"]
    return {
        "kind": "financial",
        "link": {**first["after"], "unit": unit} if first else None,
        "placebo": {**first["before"], "unit": unit} if first and first["before"] else None,
    }


def strength(result: Mapping[str, Any]) -> float | None:
    """How large a link is, in standard deviations; None where there is no figure."""
    if kind_of(result) != "financial":
        return abs(float(result["link_sd"] or 0.0)) if result.get("link") else None
    first = next(iter(result.get("contrasts") or []), None)
    return None if first is None else abs(float((first.get("link_sd") or {"value": 0.0})["value"]))
