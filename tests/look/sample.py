"""Pages that hold every part of the look, with the numbers of the mocks; no database needed."""

from typing import Any

from django.template.loader import render_to_string

from cem.lib.look import survey_css
from dashboards.charts import MEAN, SCORE, SHARE, Estimate

from .sample_charts import EURO, around, associations, charts, links, spark, verdicts


def frame() -> dict[str, Any]:
    def item(label: str, key: bool = False, **more: Any) -> dict[str, Any]:
        return {"label": label, "url": "/", "key": key, **more}

    return {
        "nav": [
            {"title": "", "items": [item("Overview", True, current=True)]},
            {"title": "What customers feel", "items": [item("Scores"), item("Voice"), item("Surveys")]},
            {
                "title": "What customers do",
                "items": [item("Customers", True), item("Journeys"), item("Value")],
            },
            {"title": "How they join", "items": [item("Linkage", True), item("Drivers")]},
            {"title": "What we do about it", "items": [item("Cases", True, count=46), item("Teams")]},
            {"title": "Organization", "items": [item("Settings")]},
        ],
        "organization": {"name": "Halden Home"},
        "organizations": [
            {"name": "Halden Home", "url": "/", "current": True},
            {"name": "Lund Outdoor", "url": "/"},
        ],
        "search_url": "/",
        "work_url": "/",
        "work_count": 3,
        "initials": "TV",
        "user_name": "Tess Vermeer",
        "logout_url": "/",
    }


def staff_page(**more: Any) -> str:
    values = [
        ("NPS", "Would recommend, 0–10", around(31, 4, 1204), SCORE),
        ("CSAT after support", "4 or 5 of 5", around(0.784, 0.019, 1873), SHARE),
        ("CES", "Mean, 1–7", around(5.41, 0.07, 1388), MEAN),
        ("Cases closed in time", "Within SLA", around(0.884, 0.036, 311), SHARE),
        ("Revenue at risk", "Next 90 days", Estimate(412_000, 356_000, 471_000, 41_200), EURO),
    ]
    ledger = [
        {"name": name, "what": what, "estimate": estimate, "unit": unit, "spark": spark(), "verdict": verdict}
        for (name, what, estimate, unit), verdict in zip(values, verdicts(), strict=True)
    ]
    context = {**frame(), **charts(), "ledger": ledger, "links": links(), "rows": associations(), **more}
    return render_to_string("look/sample.html", context)


def question(kind: str, title: str, **more: Any) -> dict[str, Any]:
    name = f"{kind}1"
    return {"id": name, "type": kind, "title": title, "required": True, "value": None, **more}


def questions() -> list[dict[str, Any]]:
    options = [{"value": "a", "label": "Delivery"}, {"value": "b", "label": "Price"}]
    recommend = "How likely are you to recommend Halden Home to a friend or colleague?"
    ends = {"low_label": "not at all likely", "high_label": "extremely likely"}
    items = [{"id": "speed", "label": "Speed", "value": 2}, {"id": "care", "label": "Care", "value": None}]
    five = [1, 2, 3, 4, 5]
    return [
        question("nps", recommend, values=list(range(11)), value=4, **ends),
        question("long_text", "What is the main reason for your answer?", required=False, follow=True),
        question("ces", "How easy was it?", values=list(range(1, 8)), low_label="hard", high_label="easy"),
        question(
            "matrix",
            "How satisfied were you with",
            items=items,
            values=five,
            low_label="not",
            high_label="very",
        ),
        question("single", "What mattered most?", options=options, value="b"),
        question("multiple", "What else mattered?", options=options, value=["a"], required=False),
        question("dropdown", "Where did you buy?", options=options),
        question("ranking", "Put these in order", options=options, values=[1, 2]),
        question("text", "Your city", hint="As on the parcel"),
        question("number", "How many people live with you?"),
        question("date", "When did it arrive?"),
        question("statement", "Thank you for coming this far"),
    ]


def survey_page(**more: Any) -> str:
    languages = [
        {"code": code, "name": name, "url": f"?lang={code}"}
        for code, name in (("en", "English"), ("pt", "Português"), ("nl", "Nederlands"), ("ar", "العربية"))
    ]
    context = {
        "survey": {
            "title": "One question from Halden Home",
            "organization_name": "Halden Home",
            "language": "en",
            "languages": languages,
        },
        "questions": questions()[:2],
        "token": "t",
        "action": "/survey",
        "dismissible": True,
        "privacy": "Your answer is kept with your customer record, so that we can put things right.",
        "privacy_url": "/survey",
        "decline_url": "/survey",
        "survey_css": survey_css(),
        **more,
    }
    return render_to_string("survey/ask.html", context)
