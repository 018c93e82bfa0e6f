import time
from typing import Any

import pytest

from accounts.api import rate
from tests.api.conftest import Api, problem
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_minute(monkeypatch: Any) -> None:
    """The clock stands, so that no test straddles two windows."""
    now = 1_800_000_000.0 + time.time() % 1e6 // 60 * 60 + 15
    monkeypatch.setattr(rate.time, "time", lambda: now)
    monkeypatch.setattr(rate, "_away_until", 0.0)


def test_a_key_has_so_many_requests_a_minute(cast: Cast, settings: Any, monkeypatch: Any) -> None:
    settings.API_RATE_PER_MINUTE = 3
    api = Api(cast.key())
    for left in (2, 1, 0):
        response = api.get("/customers")
        assert response.status_code == 200
        assert response.headers["RateLimit-Policy"] == '"minute";q=3;w=60'
        assert response.headers["RateLimit"] == f'"minute";r={left};t=45'
    refused = api.post("/customers", {"external_id": "a"}, Idempotency_Key="k")
    assert "again" in problem(refused, 429)["detail"]
    assert refused.headers["Retry-After"] == "45"
    assert refused.headers["RateLimit"] == '"minute";r=0;t=45'
    assert Api(cast.key()).get("/customers").status_code == 200  # another key has its own
    later = rate.time.time() + 45
    monkeypatch.setattr(rate.time, "time", lambda: later)
    again = api.post("/customers", {"external_id": "a"}, Idempotency_Key="k")
    assert again.status_code == 201  # nothing was lost, nothing kept


def test_nobody_is_refused_while_redis_is_away(cast: Cast, settings: Any) -> None:
    settings.API_RATE_PER_MINUTE = 1
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    api = Api(cast.key())
    for _ in range(3):
        response = api.get("/customers")
        assert response.status_code == 200
        assert "RateLimit" not in response.headers
    assert rate._away_until > time.monotonic()
