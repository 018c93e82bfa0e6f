"""Ready surveys that a practitioner recognises; each is a document for `create_survey`."""

from typing import Any

#: True of public and personal links alike; the page "How it is used" says which of the two it is.
_PRIVACY = "Your answer is read by people who can put things right."
_LEAVE_OUT = "Please leave out card numbers and passwords."


def relationship_nps(organization_name: str) -> dict[str, Any]:
    """How likely to recommend, and the main reason; asked in waves."""
    return {
        "title": f"One question from {organization_name}",
        "privacy": _PRIVACY,
        "questions": [
            {
                "id": "nps",
                "type": "nps",
                "title": f"How likely are you to recommend {organization_name} to a friend or colleague?",
                "required": True,
                "metric": "nps",
                "low_label": "not at all likely",
                "high_label": "extremely likely",
            },
            {
                "id": "reason",
                "type": "long_text",
                "title": "What is the main reason for your answer?",
                "hint": _LEAVE_OUT,
                "max_length": 4000,
            },
        ],
    }


def support_csat(organization_name: str) -> dict[str, Any]:
    """Satisfaction with one contact."""
    return {
        "title": f"Your contact with {organization_name}",
        "privacy": _PRIVACY,
        "questions": [
            {
                "id": "csat",
                "type": "csat",
                "title": "How satisfied are you with the help you received?",
                "required": True,
                "metric": "csat",
                "low_label": "very dissatisfied",
                "high_label": "very satisfied",
            },
            {
                "id": "comment",
                "type": "long_text",
                "title": "What should we know about it?",
                "hint": _LEAVE_OUT,
                "max_length": 4000,
            },
        ],
    }


def task_ces(organization_name: str) -> dict[str, Any]:
    """Effort of one task; higher is easier."""
    return {
        "title": f"Your errand at {organization_name}",
        "privacy": _PRIVACY,
        "questions": [
            {
                "id": "ces",
                "type": "ces",
                "title": f"{organization_name} made it easy for me to do what I wanted to do.",
                "required": True,
                "metric": "ces",
                "low_label": "strongly disagree",
                "high_label": "strongly agree",
            },
            {
                "id": "obstacle",
                "type": "long_text",
                "title": "What made it easy or hard?",
                "hint": _LEAVE_OUT,
                "max_length": 4000,
            },
        ],
    }


#: Template key → (name, kind of survey, document maker).
TEMPLATES = {
    "relationship-nps": ("Relationship NPS", "relationship", relationship_nps),
    "support-csat": ("CSAT after support", "transactional", support_csat),
    "task-ces": ("CES after a task", "transactional", task_ces),
}
