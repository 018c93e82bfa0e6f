"""The base of every model that belongs to an organization."""

from typing import Any

from django.db import models
from django.db.models.base import ModelBase

from cem.lib.db.constraints import TenantPolicy, TenantReference
from cem.lib.ids import uuid7

from .tenancy import current_organization_id


class TenantForeignKey(models.ForeignKey[Any, Any]):
    """A reference that cannot leave the organization.

    The database's foreign key is composite, `(organization_id, x_id)`, and added by `TenantBase`; Django's own,
    which would check `x_id` alone past row-level security, is left out, and so is its index, which would not lead
    with the organization.
    """

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs["db_index"] = False
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs  # migrations import nothing of ours for it


class OrganizationForeignKey(models.ForeignKey[Any, Any]):
    """The organization a row belongs to: that of the context it is made in."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            "accounts.Organization",
            on_delete=models.CASCADE,
            editable=False,
            db_index=False,
            default=current_organization_id,
            related_name="+",
        )

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        del kwargs["default"]  # migrations import nothing of ours
        return name, "django.db.models.ForeignKey", args, kwargs


class TenantBase(ModelBase):
    """Adds the policy, UNIQUE (organization, id) and one composite reference per TenantForeignKey."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kwargs: Any) -> Any:
        cls: Any = super().__new__(mcs, name, bases, attrs, **kwargs)
        options = cls._meta
        if options.abstract or options.proxy or not options.managed:
            return cls
        table = options.db_table
        extra: list[Any] = [
            TenantPolicy(name=f"{table}_tenant"),
            models.UniqueConstraint(fields=["organization", "id"], name=f"{table}_org_id"),
        ]
        extra += [
            TenantReference(field=field.name, name=f"{table}_{field.name}_fk")
            for field in options.local_fields
            if isinstance(field, TenantForeignKey)
        ]
        have = {constraint.name for constraint in options.constraints}
        options.constraints = [*options.constraints, *(one for one in extra if one.name not in have)]
        options.original_attrs["constraints"] = options.constraints
        return cls


class TenantModel(models.Model, metaclass=TenantBase):
    """A row of one organization. New rows take the organization of the context they are made in."""

    TENANT = True

    organization = OrganizationForeignKey()

    class Meta:
        abstract = True


class PublicModel(TenantModel):
    """A tenant row with a public id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True
