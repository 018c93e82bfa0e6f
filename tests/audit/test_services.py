"""Every service that writes leaves an entry in the audit trail, or says here why it need not.

Services are public functions with keyword-only arguments (CONTRIBUTING.md) or a transaction of their own.
The walk reads their source: what they call, and what that calls, until a write and until `record`.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from cem.local.layout import REPO

ROOMS = ("accounts", "crm", "feedback", "analytics", "dashboards")
#: Not run by anybody at work: migrations, and what fills a demonstration.
LEFT_OUT = {"migrations", "seed", "management"}
WRITES = {"save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "delete"}
STATEMENT = re.compile(r"^\s*(?:WITH .*)?(INSERT INTO|UPDATE|DELETE FROM) ", re.S)
TRAIL = {"accounts.audit.record.record", "accounts.audit.record.record_change"}

#: Services that write and record nothing, each with its reason.
EXEMPT = {
    "accounts.audit.record.record": "writes the trail",
    "accounts.audit.record.record_change": "writes the trail",
    "accounts.organizations.export.services.keep_until_deletion": "of setting the day of deletion, which is recorded",
    "accounts.people.mail.send_member_invitation": "the mail of an invitation, which is recorded",
    "accounts.privacy.erased.remember": "a step of an erasure, recorded when it is asked for and when it is done",
    "accounts.work.outbox.owe": "what another write, which is recorded, owes",
    "analytics.studies.asking.register_measure": "names what a study may look at; the study is recorded",
    "analytics.studies.repeating.ask_to_repeat": "works a stored run out again and compares; changes no figure",
    "analytics.studies.schedule.owe_due": "the sweep of what run_weekly, which is recorded, asked for",
    "feedback.intake.services.submit": "an answer is its own record; one sent with a key is recorded by the API",
    "feedback.links.invite": "an invitation is its own record: whom, when, by which channel",
}


@dataclass
class Function:
    """A function of a module, or a class with all its methods."""

    name: str
    node: ast.FunctionDef | ast.ClassDef
    writes: bool = False
    calls: set[str] = field(default_factory=set)

    @property
    def is_service(self) -> bool:
        if not isinstance(self.node, ast.FunctionDef) or self.node.name.startswith("_"):
            return False
        atomic = any(ast.unparse(one).startswith("transaction.atomic") for one in self.node.decorator_list)
        return bool(self.node.args.kwonlyargs) or atomic


def modules() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in sorted((REPO / room).rglob("*.py")):
            parts = path.relative_to(REPO).with_suffix("").parts
            if not LEFT_OUT & set(parts):
                yield ".".join(parts).removesuffix(".__init__"), ast.parse(path.read_text())


def imported(module: str, tree: ast.Module, is_package: bool) -> dict[str, str]:
    """Name in this module → what it is, of functions and of modules alike."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            base = module.split(".") if is_package else module.split(".")[:-1]
            start = base[: len(base) - node.level + 1] if node.level else []
            source = ".".join([*start, *([node.module] if node.module else [])])
            found |= {one.asname or one.name: f"{source}.{one.name}" for one in node.names}
    return found


@cache
def functions() -> dict[str, Function]:
    found = {}
    for module, tree in modules():
        is_package = (REPO / Path(*module.split(".")) / "__init__.py").exists()
        names = imported(module, tree, is_package)
        own = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                one = found[f"{module}.{node.name}"] = Function(f"{module}.{node.name}", node)
                look_into(one, node, names | {name: f"{module}.{name}" for name in own})
    return found


def look_into(one: Function, node: ast.AST, names: dict[str, str]) -> None:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            called = inner.func
            if isinstance(called, ast.Name) and called.id in names:
                one.calls.add(names[called.id])
            elif isinstance(called, ast.Attribute):
                if isinstance(called.value, ast.Name) and called.value.id in names:
                    one.calls.add(f"{names[called.value.id]}.{called.attr}")
                # A dict's update takes an argument, a queryset's names its fields; an array's delete is NumPy's.
                written = called.attr in WRITES or (called.attr == "update" and bool(inner.keywords))
                one.writes |= written and ast.unparse(called.value) != "np"
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            one.writes |= STATEMENT.match(inner.value) is not None


def reach(name: str) -> set[str]:
    """Itself and all that it calls, directly or not."""
    seen: set[str] = set()
    todo = [name]
    while todo:
        here = todo.pop()
        if here in seen:
            continue
        seen.add(here)
        if (one := functions().get(here)) is not None:
            todo += one.calls
    return seen


def services() -> list[str]:
    """Public keyword-only functions that write, themselves or through what they call beside the trail."""
    found = []
    for name, one in functions().items():
        if one.is_service and any(
            functions()[far].writes for far in reach(name) - TRAIL if far in functions()
        ):
            found.append(name)
    return sorted(found)


@pytest.mark.parametrize("name", services())
def test_a_service_that_writes_is_recorded(name: str) -> None:
    assert reach(name) & TRAIL or name in EXEMPT, (
        f"{name} writes and leaves no entry. Call accounts.audit.record.record in its transaction, with before and "
        "after where it changes something, or say in EXEMPT why it need not."
    )


def test_the_walk_sees_what_there_is() -> None:
    found = services()
    assert len(found) > 40
    assert {
        *("crm.records.customers.change_customer", "crm.cases.open_case", "accounts.people.members.remove"),
        *("feedback.surveys.services.publish", "analytics.studies.services.start_run"),
    } <= set(found)


def test_no_exemption_is_for_what_is_gone_or_recorded_by_now() -> None:
    for name in set(EXEMPT) - TRAIL:
        assert name in functions(), f"{name} is gone"
        assert not reach(name) & TRAIL, f"{name} is recorded: strike it from EXEMPT"
