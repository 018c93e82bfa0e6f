"""The seeded surveys, word for word."""

from dataclasses import dataclass
from typing import Any

from .answers import PULSE_ITEMS
from .asking import CES, CSAT, NPS, PULSE
from .company import TEAMS, Company
from .truth import ITEMS

_ITEM_TITLES = {
    "delivery": ("Delivery on time", "Entrega a horas", "Pünktliche Lieferung"),
    "quality": ("Product quality", "Qualidade dos produtos", "Qualität der Produkte"),
    "knowledge": ("Agent’s knowledge", "Conhecimento de quem atende", "Kompetenz der Beratung"),
    "wait": ("Wait time", "Tempo de espera", "Wartezeit"),
    "returns": ("Returns", "Devoluções", "Rückgabe"),
    "website": ("Website", "Site", "Website"),
    "value": ("Value for money", "Relação qualidade-preço", "Preis und Leistung"),
    "staff": ("Store staff", "Pessoal da loja", "Personal im Laden"),
}
_PULSE_TITLES = {
    "supported": "I get the support I need",
    "tools": "I have the tools for my work",
    "recognition": "Good work is noticed",
    "growth": "I learn something here",
}


def three(en: str, pt: str, de: str) -> dict[str, str]:
    return {"en": en, "pt": pt, "de": de}


def team_key(number: int) -> str:
    """The external id of a team, also its answer in the pulse's drop-down."""
    return f"T-{number + 1:02d}"


@dataclass(frozen=True)
class SeededSurvey:
    code: int
    key: str
    name: str
    kind: str
    document: dict[str, Any]


def surveys(company: Company) -> tuple[SeededSurvey, ...]:
    """In the order of the codes NPS, CSAT, CES, PULSE."""
    languages = ["en", "pt", "de"]
    privacy = three(
        "Your answer is kept with your customer record, so that we can put things right.",
        "A sua resposta fica junto dos seus dados de cliente, para podermos corrigir o que correu mal.",
        "Ihre Antwort wird bei Ihren Kundendaten gespeichert, damit wir Fehler beheben können.",
    )
    relationship = {
        "title": company.name,
        "languages": languages,
        "privacy": privacy,
        "questions": [
            {
                "id": "nps",
                "type": "nps",
                "required": True,
                "title": three(
                    f"How likely are you to recommend {company.name} to a friend or colleague?",
                    f"Qual a probabilidade de recomendar a {company.name} a um amigo ou colega?",
                    f"Wie wahrscheinlich ist es, dass Sie {company.name} weiterempfehlen?",
                ),
                "low_label": three("not at all likely", "nada provável", "sehr unwahrscheinlich"),
                "high_label": three("extremely likely", "muito provável", "äußerst wahrscheinlich"),
            },
            {
                "id": "why",
                "type": "long_text",
                "title": three(
                    "What is the main reason for your answer?",
                    "Qual é a principal razão da sua resposta?",
                    "Was ist der wichtigste Grund für Ihre Antwort?",
                ),
            },
            {
                "id": "rated",
                "type": "matrix",
                "title": three(
                    "How satisfied are you with …",
                    "Qual a sua satisfação com …",
                    "Wie zufrieden sind Sie mit …",
                ),
                "low_label": three("very dissatisfied", "muito insatisfeito", "sehr unzufrieden"),
                "high_label": three("very satisfied", "muito satisfeito", "sehr zufrieden"),
                "items": [
                    {"id": item, "title": three(*_ITEM_TITLES[item]), "metric": f"rating:{item}"}
                    for item in ITEMS
                ],
            },
        ],
    }  # fmt: skip
    support = {
        "title": three("After your contact", "Depois do seu contacto", "Nach Ihrem Kontakt"),
        "languages": languages,
        "privacy": privacy,
        "questions": [
            {
                "id": "csat",
                "type": "csat",
                "required": True,
                "title": three(
                    "How satisfied are you with the help you got?",
                    "Qual a sua satisfação com a ajuda que recebeu?",
                    "Wie zufrieden sind Sie mit der Hilfe, die Sie bekommen haben?",
                ),
            },
            {
                "id": "why",
                "type": "long_text",
                "title": three("What should we know?", "O que devemos saber?", "Was sollten wir wissen?"),
            },
        ],
    }
    task = {
        "title": three("That was quick?", "Foi rápido?", "Ging es schnell?"),
        "languages": languages,
        "privacy": privacy,
        "questions": [
            {
                "id": "ces",
                "type": "ces",
                "required": True,
                "title": three(
                    "How easy was it to do what you came for?",
                    "Foi fácil fazer o que pretendia?",
                    "Wie leicht war es, Ihr Anliegen zu erledigen?",
                ),
                "low_label": three("very difficult", "muito difícil", "sehr schwer"),
                "high_label": three("very easy", "muito fácil", "sehr leicht"),
            },
            {
                "id": "why",
                "type": "long_text",
                "title": three("What made it so?", "O que contribuiu para isso?", "Woran lag das?"),
            },
        ],
    }
    pulse = {
        "title": "Employee pulse",
        "intro": "Anonymous: we only ask for your team, and show nothing below five answers.",
        "questions": [
            {
                "id": "team",
                "type": "dropdown",
                "required": True,
                "title": "Which team are you in?",
                "options": [
                    {"value": team_key(number), "label": name} for number, (_, name) in enumerate(TEAMS)
                ],
            },
            {
                "id": "engagement",
                "type": "rating",
                "required": True,
                "metric": "rating:engagement",
                "title": "I would recommend my team as a place to work",
            },
            {
                "id": "felt",
                "type": "matrix",
                "title": "How far do you agree?",
                "items": [
                    {"id": item, "title": _PULSE_TITLES[item], "metric": f"rating:engagement-{item}"}
                    for item in PULSE_ITEMS
                ],
            },
        ],
    }
    return (
        SeededSurvey(NPS, "relationship", "Relationship survey", "relationship", relationship),
        SeededSurvey(CSAT, "after-support", "CSAT after support", "transactional", support),
        SeededSurvey(CES, "after-task", "CES after a task", "transactional", task),
        SeededSurvey(PULSE, "employee-pulse", "Employee pulse", "employee", pulse),
    )
