"""What is said about a person in templates."""

from django import template
from django.utils import translation

register = template.Library()


@register.filter
def language_name(code: str) -> str:
    """ "pt" → "Portuguese"; a code that is not known stays as it is."""
    try:
        return str(translation.get_language_info(code)["name_translated"])
    except KeyError:
        return code
