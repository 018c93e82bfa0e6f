from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from accounts.models import Membership
from accounts.refusal import Refused
from accounts.roles import Role
from crm.models import Team, TeamScope
from crm.scope import lift_limit, limit_to_teams

from .forms import TeamsForm


@require_http_methods(["GET", "HEAD", "POST"])
@requires("people.manage")
def teams(request: Any, pk: UUID) -> HttpResponse:
    """Limit an agent to the customers of some teams, or lift the limit."""
    member = get_object_or_404(
        Membership.objects.select_related("user"), pk=pk, organization=request.membership.organization
    )
    form = TeamsForm(
        request.POST if request.method == "POST" else None,
        teams=list(Team.objects.all()),
        limited=member.limited_to_teams,
        chosen=set(TeamScope.objects.filter(membership=member).values_list("team_id", flat=True)),
    )
    if form.is_bound and form.is_valid():
        try:
            said = _change(request.membership, member, form)
        except Refused as refused:
            form.add_error("teams", str(refused))
        else:
            messages.success(request, said)
            return redirect("settings-member", slug=request.membership.organization.slug, pk=pk)
    context = {
        "member": member,
        "form": form,
        "is_agent": member.role == Role.AGENT,
        "some": bool(form.by_id),
    }
    return render(request, "dashboards/people/teams.html", context, status=422 if form.is_bound else 200)


def _change(by: Membership, member: Membership, form: TeamsForm) -> str:
    if form.cleaned_data["limited"]:
        limit_to_teams(membership=member, teams=form.chosen, by=by)
        names = ", ".join(team.name for team in form.chosen)
        return f"{member.user} sees customers of {names} from the next page on."
    lift_limit(membership=member, by=by)
    return f"{member.user} sees every customer."
