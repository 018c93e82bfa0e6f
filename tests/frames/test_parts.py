"""Frames beside the study's own: whole, read back, and without anything from after their moment."""

from pathlib import Path

import pytest

from accounts.tenancy import organization_context
from analytics.frames import parts
from feedback.models import Invitation
from tests import factories
from tests.cast import Cast
from tests.frames.world import DAY, QUESTION, T, answer, long_history, spend, survey

pytestmark = pytest.mark.django_db


def test_every_part_is_built_and_read_back(cast: Cast, tmp_path: Path) -> None:
    main = tmp_path / "run.parquet"
    with organization_context(cast.organization):
        long_history()
        who, silent = factories.customer(), factories.customer()
        asked = [
            Invitation.objects.create(
                survey=survey().survey, customer=one, sent_at=T - DAY, status="answered"
            )
            for one in (who, silent)
        ]
        answer(who, 9, T, invitation=asked[0])
        spend(who, [(T - 5 * DAY, 4), (T, 8), (T + 3 * DAY, 16)])
        stored = parts.build(QUESTION, ("revenue", "orders"), main)
        parts.financial.build(QUESTION, main)
        assert parts.are_whole(main, stored)
        found = parts.read(main, stored)
    assert found is not None
    assert list(found.answers) == ["nps"]
    row = found.answers["nps"].iloc[0]
    assert (row["o_revenue"], row["b_revenue"], row["c_orders"], row["o_orders"]) == (16, 4, 1, 1)
    assert found.asked is not None
    assert sorted(found.asked["answered"]) == [0, 1]
    before = found.asked.set_index("answered")
    assert (before.loc[1, "revenue"], before.loc[0, "revenue"]) == (4, 0)
    assert found.returning is not None
    assert found.returning["next_days"].tolist() == [3]
    assert found.returning["followed_days"].tolist() == [100]
    assert found.items is not None
    assert found.items["value"].tolist() == [9]
    parts.beside(main, "asked").unlink()
    assert not parts.are_whole(main, stored)
