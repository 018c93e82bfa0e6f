"""Forms of the pages about single sign-on."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import SignOnConnection
from accounts.roles import Role
from accounts.sso import saml, saml_metadata
from accounts.sso.oidc import discover
from accounts.sso.refusals import SignOnError

_ROLES = [(role.value, role.label) for role in Role if role != Role.OWNER]
_WORDS = {**{role.value: role.value for role in Role}, **{role.label.lower(): role.value for role in Role}}
MOST_LINES = 100


def protocols() -> list[tuple[str, str]]:
    """What this installation can speak."""
    return [
        (one.value, one.label)
        for one in SignOnConnection.Protocol
        if saml.available() or one != SignOnConnection.Protocol.SAML
    ]


class AddForm(forms.Form):
    name = forms.CharField(max_length=60, help_text="What people call it: Okta, Entra ID, Keycloak.")
    protocol = forms.ChoiceField(choices=protocols)


class _ConnectionForm(forms.Form):
    name = forms.CharField(max_length=60)
    email_attribute = forms.CharField(required=False, max_length=200, label="Where the email is")
    name_attribute = forms.CharField(required=False, max_length=200, label="Where the name is")
    groups_attribute = forms.CharField(required=False, max_length=200, label="Where the groups are")
    admits_new = forms.BooleanField(
        required=False,
        label="Let newcomers in",
        help_text="People with an address of a proven domain become members when they first come. "
        "Otherwise only members and invited people get in.",
    )
    default_role = forms.ChoiceField(
        choices=_ROLES,
        help_text="Of newcomers whose groups say nothing else. Owners are made by owners alone.",
    )
    roles = forms.CharField(
        required=False,
        label="Roles by group",
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "cx-admins = admin"}),
        help_text="One a line, group = role; the first that fits holds, at every log-in. Empty: roles are given by "
        "hand.",
    )

    #: Fields that stand before the common ones.
    first: tuple[str, ...] = ()

    def __init__(self, *args: Any, connection: SignOnConnection, **kwargs: Any) -> None:
        initial = {name: getattr(connection, name, "") for name in self.base_fields}
        initial["roles"] = "\n".join(f"{one['group']} = {one['role']}" for one in connection.role_map)
        initial.pop("client_secret", None)
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.connection = connection
        self.order_fields(("name", *self.first))

    def clean_roles(self) -> list[dict[str, str]]:
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["roles"].splitlines())):
            group, sign, role = (part.strip() for part in line.rpartition("="))
            known = _WORDS.get(role.lower())
            if not sign or not group or known is None:
                raise ValidationError(f"{line[:80]!r} is not group = role. Roles: {', '.join(dict(_ROLES))}.")
            if known == Role.OWNER:
                raise ValidationError("No group makes an owner; owners are made by owners, under People.")
            found.append({"group": group[:200], "role": known})
        if len(found) > MOST_LINES:
            raise ValidationError(f"At most {MOST_LINES} lines.")
        return found

    @property
    def fields_to_set(self) -> dict[str, Any]:
        """For `connections.change`."""
        data = dict(self.cleaned_data)
        data["role_map"] = data.pop("roles")
        return data


class OidcForm(_ConnectionForm):
    issuer = forms.CharField(
        max_length=300,
        help_text="The https address that the provider calls itself by, such as https://login.example.com.",
        widget=forms.URLInput(),
    )
    client_id = forms.CharField(max_length=255, label="Client ID")
    client_secret = forms.CharField(
        required=False,
        max_length=500,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Kept encrypted and never shown again. Empty: the one that is there stays.",
    )

    first = ("issuer", "client_id", "client_secret")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, usual in (("email", "email"), ("name", "name"), ("groups", "groups")):
            self.fields[f"{name}_attribute"].help_text = f"The claim; empty: {usual}."

    def clean_issuer(self) -> str:
        issuer: str = self.cleaned_data["issuer"].strip()
        try:
            return discover(issuer).issuer
        except SignOnError as error:
            raise ValidationError(str(error)) from error


class SamlForm(_ConnectionForm):
    metadata = forms.CharField(
        required=False,
        label="Metadata of the provider",
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text="The XML, or the https address that serves it. Empty: what is there stays.",
    )
    allows_unsolicited = forms.BooleanField(
        required=False,
        label="Take log-ins that begin at the provider",
        help_text="For tiles in the provider’s portal. Safer without: then every answer has to belong to a log-in "
        "that the same browser began here.",
    )

    first = ("metadata", "allows_unsolicited")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, usual in (("email", "mail or the NameID"), ("name", "displayName"), ("groups", "groups")):
            self.fields[f"{name}_attribute"].help_text = f"The attribute; empty: {usual}."

    def clean_metadata(self) -> dict[str, str]:
        text: str = self.cleaned_data["metadata"]
        if not text.strip():
            if not self.connection.idp_url:
                raise ValidationError("Paste the provider’s metadata, or its address.")
            return {}
        try:
            return saml_metadata.read(text)
        except SignOnError as error:
            raise ValidationError(str(error)) from error

    @property
    def fields_to_set(self) -> dict[str, Any]:
        data = super().fields_to_set
        read: dict[str, Any] = data.pop("metadata")
        return data | read


def form_for(connection: SignOnConnection) -> type[OidcForm] | type[SamlForm]:
    return SamlForm if connection.is_saml else OidcForm


class DomainForm(forms.Form):
    domain = forms.CharField(max_length=253, widget=forms.TextInput(attrs={"placeholder": "example.com"}))
