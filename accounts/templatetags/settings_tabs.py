from typing import Any

from django import template

from accounts.administration.sections import sections

register = template.Library()


@register.inclusion_tag("accounts/settings/tabs.html", takes_context=True)
def settings_tabs(context: Any) -> dict[str, Any]:
    """The sections this member may open. Needs `request` of a page below /o/<slug>/."""
    request = context["request"]
    return {"sections": sections(request.membership, request.resolver_match.url_name)}
