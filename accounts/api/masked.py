"""Keys without the scope `personal:read`: what they are shown, and what they may not look for.

A filter that finds by what is hidden would tell it all the same, so it is refused rather than left to match.
"""

from typing import Any, ClassVar

from django.db.models import Model

from accounts.models import ApiKey
from accounts.privacy.detector import is_contact
from accounts.privacy.masking import mask_document, names_of, own_names
from cem.lib.rest.problems import Problem

SCOPE = "personal:read"


class Masked:
    """A serializer whose rows hold personal data: masked by the marks of their model.

    Goes before the serializer in the bases. Rows about a customer need select_related("customer"), whose name is
    hidden in texts.
    """

    masks: ClassVar[type[Model]]
    #: Members that are fields of the row's customer: member → field.
    of_customer: ClassVar[dict[str, str]] = {}

    def to_representation(self, instance: Any) -> dict[str, Any]:
        document: dict[str, Any] = super().to_representation(instance)  # type: ignore[misc]
        key = getattr(self.context.get("request"), "auth", None)  # type: ignore[attr-defined]
        if key is None or key.may(SCOPE):
            return document
        customer = getattr(instance, "customer", None)
        names = names_of(customer) or own_names(instance)
        masked = mask_document(self.masks, document, names)
        if self.of_customer and customer is not None:
            own = {field: masked[name] for name, field in self.of_customer.items() if name in masked}
            hidden = mask_document(type(customer), own, names)
            masked |= {name: hidden[field] for name, field in self.of_customer.items() if name in masked}
        return masked


def refuse_hidden(key: Any, given: dict[str, str], personal: frozenset[str]) -> None:
    """403 where a key asks for somebody by what it may not see.

    Args:
        given: what it asks by, name → value.
        personal: names of what is always hidden; of the others only what is an address or a number.
    """
    if not isinstance(key, ApiKey) or key.may(SCOPE):
        return
    for name, value in given.items():
        if name in personal or is_contact(value):
            raise Problem(
                403,
                f"This API key lacks the scope {SCOPE!r}, so it cannot look for anybody by email, phone or name. "
                "Use your own ids, or ask an administrator for a key that has it.",
                errors=[{"parameter": name, "detail": f"Needs the scope {SCOPE}."}],
            )
