"""A budget of SQL statements that prints them when it is overrun."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


class QueryBudget(CaptureQueriesContext):
    def __init__(self, most: int) -> None:
        super().__init__(connection)
        self.most = most

    def __exit__(self, exc_type: Any, exc_value: Any, traceback: Any) -> None:
        super().__exit__(exc_type, exc_value, traceback)
        if exc_type is None and len(self) > self.most:
            listing = "\n".join(
                f"{number}. {query['sql']}" for number, query in enumerate(self.captured_queries, 1)
            )
            raise AssertionError(f"{len(self)} statements, at most {self.most} allowed:\n{listing}")
