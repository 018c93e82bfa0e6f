"""What a service refused, in one sentence."""

from django.core.exceptions import ValidationError


def first_message(error: ValidationError) -> str:
    """The first of its messages, whichever field it stands at."""
    return str(error.messages[0])
