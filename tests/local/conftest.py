from collections.abc import Iterator

import pytest

from tests.local.machine import Machine


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A fresh data folder; whatever was started on it is stopped afterwards."""
    fresh = Machine()
    try:
        yield fresh
    finally:
        fresh.close()


@pytest.fixture(scope="module")
def settled() -> Iterator[Machine]:
    """One data folder shared by a module's tests, so that PostgreSQL makes its files once."""
    fresh = Machine()
    try:
        yield fresh
    finally:
        fresh.close()
