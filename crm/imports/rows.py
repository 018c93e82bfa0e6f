"""From a mapping and a file's header to a plan; what the three CRM kinds have in common."""

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db.models import Model

from accounts.models import Organization

from . import values
from .importer import Counts, Target, read_common
from .mapping import Checker, Mapping, MappingError, Source
from .plan import Cell, Constant, Members, Plan, Slot
from .reading import RowFile, position_of
from .staging import Staging


class RowImporter:
    """Importer of one row of a file into one row of a table."""

    kind: str = ""
    fills: ClassVar[tuple[type[Model], ...]] = ()
    targets: dict[str, Target] = {}
    options: tuple[str, ...] = ()

    def read(self, document: dict[str, Any], organization: Organization) -> Mapping:
        checker = Checker()
        mapping = read_common(checker, document, self.kind, self.targets, self.options)
        self.check(checker, mapping, organization)
        checker.finish()
        return mapping

    def check(self, checker: Checker, mapping: Mapping, organization: Organization) -> None:
        """What the kind asks for besides."""
        if "create_customers" in mapping.options:
            checker.flag("create_customers", mapping.options["create_customers"])

    def plan(self, mapping: Mapping, file: RowFile, organization: Organization) -> Plan:
        slots = plan_slots(mapping, self.targets, file, organization.tz)
        keyless = "external_id" not in mapping.columns
        return Plan(slots, digest_of=(mapping.key or list(slots)) if keyless else ())

    def write(self, staging: Staging, mapping: Mapping, organization: Organization) -> Counts:
        raise NotImplementedError


def plan_slots(
    mapping: Mapping, targets: dict[str, Target], file: RowFile, zone: ZoneInfo
) -> dict[str, Slot]:
    """One slot for each mapped target.

    Raises:
        MappingError: with every column that the file does not have and every constant that is refused.
    """
    slots: dict[str, Slot] = {}
    problems: list[str] = []
    for name, column in mapping.columns.items():
        target = targets[name]
        try:
            if isinstance(column, Source):
                slots[name] = slot_of(column, target.make(column, zone), file)
            else:
                members = {
                    member: slot_of(source, target.make(source, zone), file)
                    for member, source in column.items()
                }
                slots[name] = Members(members, name)
        except MappingError as error:
            problems += error.problems
    if problems:
        raise MappingError(problems)
    return slots


def slot_of(source: Source, value: values.Value, file: RowFile) -> Slot:
    if source.column is None:
        try:
            return Constant(source.constant or "", value, source.place)
        except values.Refused as refused:
            raise MappingError([f"{source.place}.constant: {refused}"]) from None
    position = position_of(source.column, file.header, file.width, source.place)
    return Cell(position, value, file.header[position] if file.header else f"column {position + 1}")
