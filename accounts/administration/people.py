"""Members, invitations and the table of roles."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from accounts.models import MemberInvitation, Membership
from accounts.people import invitations, members
from accounts.refusal import Refused
from accounts.roles import PERMISSIONS, Role

from .forms import InviteForm, RoleForm


@require_http_methods(["GET", "POST"])
@requires("people.manage")
def people(request: Any) -> HttpResponse:
    by = request.membership
    form = InviteForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = invitations.invite(by=by, **form.cleaned_data)
        except Refused as refused:
            form.add_error("email", str(refused))
        else:
            messages.success(request, f"An invitation to {invitation.email} is on its way.")
            return redirect("settings-people", slug=by.organization.slug)
    context = {
        "form": form,
        "members": Membership.objects.filter(organization=by.organization)
        .select_related("user")
        .order_by("user__name", "user__email"),
        "invitations": MemberInvitation.objects.filter(accepted_at=None, revoked_at=None)
        .select_related("invited_by__user")
        .order_by("-created_at"),
    }
    return render(request, "accounts/settings/people.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires("people.manage")
def member(request: Any, pk: UUID) -> HttpResponse:
    found = _member(request, pk)
    form = RoleForm(request.POST or None, by=request.membership, member=found)
    if request.method == "POST" and form.is_valid():
        try:
            members.change_role(membership=found, role=form.cleaned_data["role"], by=request.membership)
        except Refused as refused:
            form.add_error("role", str(refused))
        else:
            messages.success(request, f"{found.user} is {Role(form.cleaned_data['role']).label.lower()} now.")
            return redirect("settings-people", slug=request.membership.organization.slug)
    context = {
        "form": form,
        "member": found,
        "may_hand_over": request.membership.may("organization.delete") and found.pk != request.membership.pk,
        "is_me": found.pk == request.membership.pk,
        "may_change": members.may_give(request.membership, found.role) or found.pk == request.membership.pk,
    }
    return render(request, "accounts/settings/member.html", context, status=422 if form.errors else 200)


@require_POST
@requires("people.manage")
def remove(request: Any, pk: UUID) -> HttpResponse:
    """Confirmed by writing the address, since it cannot be undone, only invited anew."""
    found = _member(request, pk)
    slug = request.membership.organization.slug
    if request.POST.get("confirm", "").strip().lower() != found.user.email:
        messages.error(request, f"Nobody was removed: write {found.user.email} to confirm.")
        return redirect("settings-member", slug=slug, pk=pk)
    try:
        members.remove(membership=found, by=request.membership)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("settings-member", slug=slug, pk=pk)
    messages.success(request, f"{found.user} has no access any more.")
    return redirect("home") if found.user_id == request.user.pk else redirect("settings-people", slug=slug)


@require_http_methods(["GET", "POST"])
@requires("organization.view")
def leave(request: Any) -> HttpResponse:
    """One's own going, confirmed by one's address."""
    wrong = ""
    if request.method == "POST":
        email = request.user.email
        if request.POST.get("confirm", "").strip().lower() != email:
            wrong = f"You are still in: write {email} to confirm."
        else:
            try:
                members.leave(membership=request.membership)
            except Refused as refused:
                wrong = str(refused)
            else:
                messages.success(request, f"You have left {request.membership.organization.name}.")
                return redirect("home")
    return render(request, "accounts/settings/leave.html", {"wrong": wrong}, status=422 if wrong else 200)


@require_POST
@requires("organization.delete")
def hand_over(request: Any, pk: UUID) -> HttpResponse:
    """Confirmed by the heir's address: afterwards only they can give it back."""
    found = _member(request, pk)
    slug = request.membership.organization.slug
    if request.POST.get("confirm", "").strip().lower() != found.user.email:
        messages.error(request, f"Nothing was handed over: write {found.user.email} to confirm.")
        return redirect("settings-member", slug=slug, pk=pk)
    try:
        members.hand_over(to=found, by=request.membership)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("settings-member", slug=slug, pk=pk)
    messages.success(
        request, f"{found.user} owns {request.membership.organization.name} now; you administer it."
    )
    return redirect("settings-people", slug=slug)


@require_POST
@requires("people.manage")
def send_again(request: Any, pk: UUID) -> HttpResponse:
    return _with_invitation(
        request, pk, invitations.send_again, "A new mail is on its way; the old link is dead."
    )


@require_POST
@requires("people.manage")
def revoke(request: Any, pk: UUID) -> HttpResponse:
    return _with_invitation(request, pk, invitations.revoke, "The invitation is revoked.")


@require_safe
@requires("organization.view")
def roles(request: Any) -> HttpResponse:
    """The one table from role to permissions, as it is enforced."""
    context = {
        "roles": list(Role),
        "rows": [(words, [role.may(name) for role in Role]) for name, words in PERMISSIONS.items()],
        "mine": Role(request.membership.role),
    }
    return render(request, "accounts/settings/roles.html", context)


def _member(request: Any, pk: UUID) -> Membership:
    """The table of memberships is global, so the organization is asked for by name."""
    return get_object_or_404(
        Membership.objects.select_related("user"), pk=pk, organization=request.membership.organization
    )


def _with_invitation(request: Any, pk: UUID, work: Any, done: str) -> HttpResponse:
    invitation = get_object_or_404(MemberInvitation, pk=pk)
    try:
        work(invitation=invitation)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("settings-people", slug=request.membership.organization.slug)
