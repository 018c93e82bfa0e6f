from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from accounts.privacy import retention as kept

from .forms import RetentionForm


@require_http_methods(["GET", "HEAD", "POST"])
@requires("privacy.manage")
def retention(request: Any) -> HttpResponse:
    """The periods, and what enforcing them would delete: saving deletes nothing."""
    policy = kept.current()
    form = RetentionForm(request.POST or None, periods=policy.periods)
    if form.is_bound and form.is_valid():
        kept.propose(periods=form.cleaned_data, changed_by=request.membership)
        messages.info(request, "Saved. Nothing was deleted: look at the counts, then enforce.")
        return redirect("settings-retention", slug=request.membership.organization.slug)
    labels = {kind.name: kind.label for kind in kept.kinds()}
    context = {
        "policy": policy,
        "form": form,
        "preview": [
            (labels.get(name, name), policy.periods.get(name), n) for name, n in policy.preview.items()
        ],
        "last_run": [(labels.get(name, name), n) for name, n in policy.last_run.items()],
    }
    return render(request, "dashboards/privacy/retention.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires("privacy.manage")
def enforce(request: Any) -> HttpResponse:
    """From now on. What was counted on the page that this button stands on is what goes."""
    policy = kept.current()
    if policy.previewed_at is None:
        messages.error(request, "Choose periods and save them first, so that the counts can be seen.")
    elif request.POST.get("previewed_at") != policy.previewed_at.isoformat():
        messages.error(request, "The periods were changed meanwhile. Look at the new counts, then enforce.")
    else:
        kept.enforce(policy=policy, changed_by=request.membership)
        messages.success(request, "In force. What is older goes now, and every day from now on.")
    return redirect("settings-retention", slug=request.membership.organization.slug)
