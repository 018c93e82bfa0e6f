"""What the worlds look like: sizes, determinism, and rules that hold whatever the seed."""

import re

import numpy as np
import pytest

from dashboards.seed import asking, contacts, defaults, texts
from dashboards.seed.company import TEAMS, TOUCHPOINTS
from dashboards.seed.truth import DAYS, Truth
from dashboards.seed.world import World, demo

from .conftest import UNTIL, block


@pytest.fixture(scope="module")
def default():
    return demo(UNTIL).block(0)


def test_default_is_large_enough(default):
    assert len(default.customers) == defaults.CUSTOMERS >= 5_000
    assert len(default.transactions) >= 40_000
    assert len(default.interactions) >= 50_000
    assert default.responses.counts.sum() >= 8_000
    assert len(set(default.responses.text)) >= 3_000
    assert len(TOUCHPOINTS) >= 10
    assert len(TEAMS) == 15
    assert set(np.unique(default.transactions.kind)) == {0, 1, 2}
    assert (
        len(
            set(contacts.CHANNELS)
            & {contacts.CHANNELS[one] for one in np.unique(default.interactions.channel)}
        )
        == 8
    )
    assert (np.bincount(default.asks.reason, minlength=4) > 100).all()  # every reason for not asking


def test_default_looks_like_a_company(default):
    """NPS, CSAT, response rate, SLA and the share of long waits lie where a practitioner expects them."""
    responses, asks, cases = default.responses, default.asks, default.cases
    nps = responses.score[responses.counts & (responses.survey == asking.NPS)]
    csat = responses.score[responses.counts & (responses.survey == asking.CSAT)]
    assert 20 < 100 * ((nps >= 9).mean() - (nps <= 6).mean()) < 50
    assert 0.68 < (csat >= 4).mean() < 0.85
    assert 0.15 < asks.answered.sum() / asks.sent.sum() < 0.40
    still_open = np.isnan(cases.closed_at)
    assert 8 <= still_open.sum() <= 80
    assert 1 <= (still_open & (cases.due_at < DAYS)).sum() < still_open.sum()
    assert 0.8 < (cases.closed_at <= cases.due_at)[~still_open].mean() < 0.95


def test_same_seed_same_world():
    first, again = (World(Truth(), 5, UNTIL, 300).block(0).digest() for _ in range(2))
    assert first == again
    assert World(Truth(), 6, UNTIL, 300).block(0).digest() != first
    assert World(Truth(), 5, UNTIL.replace(day=21), 300).block(0).digest() != first


def test_blocks_differ_and_cover_all_customers(monkeypatch):
    monkeypatch.setattr("dashboards.seed.world.BLOCK", 200)
    world = World(Truth(), 5, UNTIL, 450)
    blocks = list(world.blocks())
    assert [len(one.customers) for one in blocks] == [200, 200, 50]
    assert np.concatenate([one.customers.number for one in blocks]).tolist() == list(range(1, 451))
    assert blocks[0].digest() != blocks[1].digest()
    assert world.block(1).digest() == blocks[1].digest()  # a block needs none of the others


def test_everything_happens_in_the_24_months():
    one = block(1)
    for table in (one.transactions, one.interactions, one.asks):
        assert table.at.min() >= 0
        assert table.at.max() < DAYS
    assert one.responses.at.max() < DAYS
    assert one.asks.answer_at[one.asks.answered].max() < DAYS
    orders = one.transactions.at[: one.transactions.orders]
    assert (orders >= one.customers.since[one.transactions.who[: one.transactions.orders]]).all()


def test_a_refund_follows_its_order_and_is_never_more():
    table = block(1).transactions
    later = np.arange(table.orders, len(table))
    assert len(later) > 100
    assert (table.at[later] > table.at[table.order[later]]).all()
    assert (table.euros[later] <= table.euros[table.order[later]]).all()
    assert (table.who[later] == table.who[table.order[later]]).all()


def test_nobody_is_asked_twice_within_the_quarantine():
    asks = block(1).asks
    rows = np.nonzero(asks.sent)[0]
    same = asks.who[rows][1:] == asks.who[rows][:-1]
    assert same.sum() > 1_000
    assert np.diff(asks.at[rows])[same].min() >= Truth().quarantine_days
    kept_out = np.nonzero(asks.reason == asking.REASONS.index("quarantine"))[0]
    assert len(kept_out) > 50
    for row in kept_out[:50]:
        asked = asks.at[rows][asks.who[rows] == asks.who[row]]
        assert ((asks.at[row] - asked > 0) & (asks.at[row] - asked < Truth().quarantine_days)).any()


def test_some_answers_do_not_count():
    responses = block(1, 6_000).responses
    for which in (responses.superseded, responses.test, responses.status == 2):
        assert which.sum() >= 3
        assert not responses.counts[which].any()
    assert (responses.who[responses.test] == -1).all()
    assert ((responses.who == -1) & responses.counts).sum() > 30  # anonymous answers do


@pytest.mark.parametrize("language", ["en", "de", "pt"])
def test_every_phrase_can_be_written(language):
    phrases = texts.LANGUAGES[language]
    assert set(phrases["topics"]) == set(texts.LANGUAGES["en"]["topics"])
    for mood in ("good", "mixed", "bad"):
        everything = [line for topic in phrases["topics"].values() for line in topic[mood]]
        everything += [line for lines in phrases[mood].values() for line in lines]
        for line in everything:
            assert "{" not in line.format(p="Lamp", d=3, m=7)
            assert line == line.strip() != ""


def test_words_say_what_the_score_says():
    responses = block(1, 6_000).responses
    written = [
        row for row in range(len(responses)) if responses.text[row] and responses.language[row] == "en"
    ]
    moods = {
        mood: [fixed_part(line) for topic in texts.PHRASES["topics"].values() for line in topic[mood]]
        for mood in ("good", "bad")
    }
    happy = [row for row in written if responses.survey[row] == asking.NPS and responses.score[row] == 10]
    unhappy = [row for row in written if responses.survey[row] == asking.NPS and responses.score[row] <= 6]
    assert len(happy) > 100
    assert len(unhappy) > 100
    for rows, mood, other in ((happy, "good", "bad"), (unhappy, "bad", "good")):
        for row in rows:
            said = responses.text[row].lower()
            assert any(one in said for one in moods[mood]), said
            assert not any(one in said for one in moods[other] if len(one) > 12), said


def fixed_part(line: str) -> str:
    """The longest stretch of a phrase without a slot."""
    return max(re.split(r"\{.\}", line), key=len).strip().rstrip(".").lower()
