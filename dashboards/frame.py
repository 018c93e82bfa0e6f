"""What every staff page stands in: navigation, organization switch, search, account."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.roles import Role

#: (group title, ((label, URL name, permission, one of the five words at the bottom of a narrow page), …)).
PAGES = (
    ("", (("Overview", "overview", "scores.view", True),)),
    ("What customers feel", (("Surveys", "surveys", "surveys.view", False),)),
    ("What customers do", (("Customers", "customers", "customers.view", True),)),
    (
        "How they join",
        (("Linkage", "linkage", "linkage.view", True), ("Drivers", "drivers", "linkage.view", False)),
    ),
    ("Organization", (("Settings", "settings", "organization.view", False),)),
)
#: Pages below a page of the navigation light up its word.
PARENTS = {
    "customer": "customers",
    "customer-timeline": "customers",
    "customer-erase": "customers",
    "study": "linkage",
    "run": "linkage",
    "run-compare": "linkage",
    "study-new": "linkage",
}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of templates/base.html. Outside an organization: nothing but the account."""
    user = getattr(
        request, "user", None
    )  # absent where the request was refused before anybody was looked for
    if user is None or not user.is_authenticated:
        return {}
    account = {
        "user_name": str(user),
        "initials": user.initials,
        "logout_url": reverse("account_logout"),
        "account_links": [{"label": "Your log-in", "url": reverse("mfa_index")}],
    }
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        return account
    organization = membership.organization
    slug = organization.slug
    return {
        **account,
        "organization": organization,
        "membership": membership,
        "organizations": SimpleLazyObject(lambda: switchable(user.pk, slug)),
        "home_url": reverse("home"),
        "search_url": reverse("customers", kwargs={"slug": slug}) if membership.may("customers.view") else "",
        "nav": navigation(request, membership, slug),
    }


def switchable(user_id: Any, current: str) -> list[dict[str, Any]]:
    """The user's organizations by name. Asked for when drawn: an error page must not query.

    One that rests is there for its owners, who may want to wake it.
    """
    found = (
        Membership.objects.filter(
            Q(organization__is_active=True) | Q(role=Role.OWNER) & ~Q(organization__suspended_by=""),
            user_id=user_id,
        )
        .order_by("organization__name")
        .values_list("organization__name", "organization__slug", "organization__is_active")
    )
    return [
        {
            "name": name if awake else f"{name} ({_('resting')})",
            "url": reverse("overview", kwargs={"slug": slug}),
            "current": slug == current,
        }
        for name, slug, awake in found
    ]


def navigation(request: HttpRequest, membership: Membership, slug: str) -> list[dict[str, Any]]:
    match = request.resolver_match or resolve(request.path_info)
    here = PARENTS.get(match.url_name or "", match.url_name)
    if (here or "").startswith("settings-"):
        here = "settings"
    groups = []
    for title, pages in PAGES:
        items = [
            {
                "label": label,
                "url": reverse(name, kwargs={"slug": slug}),
                "current": name == here,
                "key": key,
            }
            for label, name, permission, key in pages
            if membership.may(permission)
        ]
        if items:
            groups.append({"title": title, "items": items})
    return groups
