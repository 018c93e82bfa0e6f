from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.stats import journeys

CASE = ["a", "a", "b", "a", "b", "b", "c"]
EVENT = ["ask", "buy", "ask", "ask", "ask", "buy", "buy"]
TIME = [1, 3, 1, 2, 2, 3, 9]


def test_transitions_by_hand() -> None:
    found = journeys.transitions(CASE, EVENT, TIME)
    assert found.to_dict("list") == {"origin": ["ask", "ask"], "target": ["ask", "buy"], "count": [2, 2]}


def test_ties_keep_the_order_given() -> None:
    found = journeys.transitions(["a", "a", "a"], ["x", "y", "z"], pd.to_datetime(["2024-01-01"] * 3))
    assert list(zip(found["origin"], found["target"], strict=True)) == [("x", "y"), ("y", "z")]


def test_funnel_wants_the_order_and_allows_detours() -> None:
    case = ["a"] * 4 + ["b"] * 3 + ["c"] * 2
    event = ["view", "help", "cart", "pay", "cart", "view", "pay", "view", "cart"]
    found = journeys.funnel(case, event, range(9), steps=["view", "cart", "pay"])
    assert found.to_dict() == {"view": 3, "cart": 2, "pay": 1}


def test_missing_rows_are_dropped_and_counted() -> None:
    found = journeys.transitions(["a", None, "a", "a"], ["x", "x", None, "y"], [1, 2, 3, 4])
    assert (found["count"].tolist(), found.attrs["dropped"]) == ([1], 2)


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from("xyz")), min_size=1, max_size=60))
def test_against_plain_loops(rows: list[tuple[int, str]]) -> None:
    case, event = zip(*rows, strict=True)
    paths: dict[int, list[str]] = {}
    for c, e in rows:
        paths.setdefault(c, []).append(e)
    expected: dict[tuple[str, str], int] = {}
    for path in paths.values():
        for pair in pairwise(path):
            expected[pair] = expected.get(pair, 0) + 1
    found = journeys.transitions(case, event, np.arange(len(rows)))
    assert (
        dict(zip(zip(found["origin"], found["target"], strict=True), found["count"], strict=True)) == expected
    )
    reached = []
    for k in range(1, 4):
        count = 0
        for path in paths.values():
            left = list("xyz"[:k])
            for e in path:
                if left and e == left[0]:
                    left.pop(0)
            count += not left
        reached.append(count)
    funnel = journeys.funnel(case, event, np.arange(len(rows)), steps=list("xyz"))
    assert funnel.tolist() == reached


def test_refusals_name_the_argument() -> None:
    with pytest.raises(ValueError, match=r"^event: has 1 rows"):
        journeys.transitions([1, 2], ["x"], [1, 2])
    with pytest.raises(ValueError, match=r"^time"):
        journeys.transitions([1, 1], ["x", "y"], ["later", 5])
    for steps in ([], "xyz", ["x", "x"]):
        with pytest.raises(ValueError, match=r"^steps"):
            journeys.funnel([1], ["x"], [1], steps=steps)
