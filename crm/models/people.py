from django.db import models

from accounts.tenant import PublicModel, TenantForeignKey


class Team(PublicModel):
    """A unit of employees: a team, branch or region, in a tree."""

    external_id = models.CharField(max_length=200)
    name = models.CharField(max_length=120)
    parent = TenantForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "external_id"], name="crm_team_external_id")
        ]

    def __str__(self) -> str:
        return self.name


class Employee(PublicModel):
    """Somebody who serves customers. `membership` when they also log in here."""

    external_id = models.CharField(max_length=200)
    name = models.CharField(max_length=120)
    email = models.CharField(max_length=254, blank=True)
    team = TenantForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="employees")
    membership = TenantForeignKey(
        "accounts.Membership", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "external_id"], name="crm_employee_external_id")
        ]

    def __str__(self) -> str:
        return self.name


class TeamScope(PublicModel):
    """A team, with all below it, that a limited member sees. Which members are limited, they say themselves."""

    membership = TenantForeignKey("accounts.Membership", on_delete=models.CASCADE, related_name="+")
    team = TenantForeignKey(Team, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "membership", "team"], name="crm_teamscope_once")
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} sees {self.team_id}"
