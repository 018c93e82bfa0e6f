"""The answers that came in, with those that do not count, and the words."""

from dataclasses import dataclass

import numpy as np

from .answers import Answers
from .asking import CES, CSAT, NPS, Asks
from .company import Company
from .contacts import Interactions
from .customers import Customers
from .randomness import stream
from .season import Calendar
from .texts import Writer
from .truth import DAYS

COMPLETE, PARTIAL, DISMISSED = 0, 1, 2
#: Share of relationship answers whose customer had answered before in the same wave, by the public link.
TWICE = 0.02
#: Anonymous answers by the public link, as a share of relationship answers; dismissed and test ones.
ANONYMOUS, DISMISSALS, TESTS = 0.06, 0.01, 0.002
#: Share of answers with words, by survey.
WORDS = (0.58, 0.40, 0.30)


@dataclass(frozen=True)
class Responses:
    """−1: no customer, no ask, no interaction. `text` is "" where nothing was written."""

    survey: np.ndarray
    who: np.ndarray
    ask: np.ndarray
    interaction: np.ndarray
    at: np.ndarray
    status: np.ndarray
    test: np.ndarray
    superseded: np.ndarray  # a later answer of the same wave counts instead …
    items_superseded: np.ndarray  # … and of the items, those that the later one rated too
    channel: np.ndarray  # "email", "link", "app", "web"
    language: np.ndarray
    score: np.ndarray
    items: np.ndarray
    topic: np.ndarray  # what the words are about; "" without words
    text: tuple[str, ...]
    dismissed_asks: np.ndarray  # asks answered with "not now"

    def __len__(self) -> int:
        return len(self.survey)

    @property
    def counts(self) -> np.ndarray:
        """Whether the overall score counts."""
        return np.asarray(~self.superseded & self._valid)

    @property
    def items_count(self) -> np.ndarray:
        """Response × item."""
        return np.asarray(~self.items_superseded & self._valid[:, None])

    @property
    def _valid(self) -> np.ndarray:
        return np.asarray(~self.test & (self.status != DISMISSED))


def make_responses(
    seed: int,
    block: int,
    company: Company,
    calendar: Calendar,
    customers: Customers,
    interactions: Interactions,
    asks: Asks,
    answers: Answers,
) -> Responses:
    rng = stream(seed, block, "responses")
    given = np.nonzero(asks.answered)[0]
    nps = given[asks.survey[given] == NPS]
    twice = nps[rng.random(len(nps)) < TWICE]
    earlier = asks.answer_at[twice] - rng.uniform(0.005, 0.4, len(twice))
    same_wave = (earlier >= 0) & (
        calendar.quarters(np.maximum(earlier, 0)) == calendar.quarters(asks.at[twice])
    )
    twice, earlier = twice[same_wave], earlier[same_wave]
    anonymous = nps[rng.random(len(nps)) < ANONYMOUS]
    silent = np.nonzero(asks.sent & ~asks.bounced & ~asks.answered & (asks.answer_at < DAYS))[0]
    dismissed = silent[rng.random(len(silent)) < DISMISSALS]
    tests = nps[rng.random(len(nps)) < TESTS]

    source = np.r_[given, twice, anonymous, dismissed, tests]
    role = np.repeat(np.arange(5), [len(given), len(twice), len(anonymous), len(dismissed), len(tests)])
    survey = asks.survey[source]
    at = np.r_[
        asks.answer_at[given],
        earlier,
        np.maximum(asks.answer_at[anonymous] - rng.uniform(0.1, 9, len(anonymous)), 0.0),
        asks.answer_at[dismissed],
        np.maximum(asks.answer_at[tests] - 0.2, 0.0),
    ]
    unknown = (role == 2) | (role == 4)
    by_link = unknown | (role == 1) | (role == 3)
    medium = rng.choice(np.array(["email", "app", "web"]), len(source), p=(0.78, 0.14, 0.08))
    score, items = answers.score[source].copy(), answers.items[source].copy()
    away = role > 0
    highest = np.array([10, 5, 7])[survey]
    score[away] = np.clip(
        score[away] + rng.integers(-1, 2, int(away.sum())), survey[away] != NPS, highest[away]
    )
    items[role >= 3] = np.nan
    items_superseded = (role == 1)[:, None] & ~np.isnan(answers.items[source])
    status = np.where(role == 3, DISMISSED, COMPLETE)
    status = np.where((role == 0) & (survey == NPS) & np.isnan(items).all(axis=1), PARTIAL, status)

    talks = (rng.random(len(source)) < np.asarray(WORDS)[survey]) & (role < 3)
    language = np.where(survey < 3, customers.language[asks.who[source]], "en")
    product = np.where(survey == NPS, -1, interactions.product[np.where(survey == NPS, 0, asks.row[source])])
    topic, text = _words(
        stream(seed, block, "words"), company, answers, source, survey, score, language, product, talks
    )
    return Responses(
        survey=survey,
        who=np.where(unknown, -1, asks.who[source]),
        ask=np.where(by_link, -1, source),
        interaction=np.where((survey == NPS) | by_link, -1, asks.row[source]),
        at=at,
        status=status,
        test=role == 4,
        superseded=role == 1,
        items_superseded=items_superseded,
        channel=np.where(by_link, "link", medium),
        language=language,
        score=score,
        items=items,
        topic=topic,
        text=text,
        dismissed_asks=dismissed,
    )


#: What one writes about, by survey.
TOPICS = {
    NPS: ("delivery", "quality", "knowledge", "wait", "returns", "website", "value", "staff"),
    CSAT: ("wait", "knowledge", "resolution"),
    CES: ("website", "returns", "assembly"),
}


def _words(
    rng: np.random.Generator,
    company: Company,
    answers: Answers,
    source: np.ndarray,
    survey: np.ndarray,
    score: np.ndarray,
    language: np.ndarray,
    product: np.ndarray,
    talks: np.ndarray,
) -> tuple[np.ndarray, tuple[str, ...]]:
    """About what stands out: the item furthest down for the unhappy, furthest up for the happy."""
    writer = Writer(rng, company.product_names)
    low, high = np.array([6, 3, 4])[survey], np.array([9, 4, 5])[survey]
    mood = np.where(score <= low, -1, np.where(score >= high, 1, 0))
    own = answers.items_latent[source]
    chosen = rng.integers(0, 3, len(source))
    topics, texts = [], []
    for row in range(len(source)):
        if not talks[row]:
            topics.append("")
            texts.append("")
            continue
        kind = int(survey[row])
        if kind == NPS:
            at = int(np.argmin(own[row]) if mood[row] < 0 else np.argmax(own[row]))
        else:
            at = int(chosen[row])
        topics.append(TOPICS[kind][at])
        texts.append(writer.write(TOPICS[kind][at], int(mood[row]), str(language[row]), int(product[row])))
    return np.array(topics, dtype="U12"), tuple(texts)
