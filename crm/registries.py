"""What rooms above crm fill in, in their `AppConfig.ready`: timeline sources and importers."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Generic, TypeVar
from uuid import UUID

if TYPE_CHECKING:
    from crm.imports.importer import Importer
    from crm.timeline import Cursor, Entry

Item = TypeVar("Item")

#: `page(customer_id, before, limit)`: the newest `limit` entries older than `before` (all when None), newest
#: first by (occurred_at, id), in one query.
SourcePage = Callable[[UUID, "Cursor | None", int], "list[Entry]"]


class Registry(Generic[Item]):
    """Things by name, in the order in which they were registered."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._items: dict[str, Item] = {}

    def register(self, name: str, item: Item) -> None:
        """Add one.

        Raises:
            ValueError: when the name is taken by another.
        """
        if self._items.setdefault(name, item) is not item:
            raise ValueError(f"There is already a {self.what} called {name!r}.")

    def __getitem__(self, name: str) -> Item:
        try:
            return self._items[name]
        except KeyError:
            known = ", ".join(self._items) or "none"
            raise KeyError(f"There is no {self.what} called {name!r}; there are: {known}.") from None

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def items(self) -> list[tuple[str, Item]]:
        return list(self._items.items())


#: Source name ("interactions", "answers" …) → its page function.
timeline_sources: Registry[SourcePage] = Registry("timeline source")
#: Kind of import ("customers", "responses" …) → its importer.
importers: "Registry[Importer]" = Registry("kind of import")
