from typing import Any

from django import forms

from crm.models import Team


class TeamsForm(forms.Form):
    limited = forms.BooleanField(required=False, label="Sees customers of the teams below only")
    teams = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="A team includes all below it.",
    )

    def __init__(self, data: Any, *, teams: list[Team], limited: bool, chosen: set[Any]) -> None:
        first = {"limited": limited, "teams": [str(pk) for pk in chosen]}
        super().__init__(data, initial=first)
        self.by_id = {str(team.pk): team for team in teams}
        self.fields["teams"].choices = tree(teams)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[Team]:
        return [self.by_id[pk] for pk in self.cleaned_data["teams"]]


def tree(teams: list[Team]) -> list[tuple[str, str]]:
    """(id, name) with each team below its parent, marked by its depth. A team whose parents go in a circle stands
    at the top."""
    below: dict[Any, list[Team]] = {}
    for team in sorted(teams, key=lambda team: team.name.casefold()):
        below.setdefault(team.parent_id, []).append(team)
    listed: list[tuple[str, str]] = []
    seen: set[Any] = set()

    def walk(parent: Any, depth: int) -> None:
        for team in below.get(parent, []):
            if team.pk not in seen:
                seen.add(team.pk)
                listed.append((str(team.pk), f"{'– ' * depth}{team.name}"))
                walk(team.pk, depth + 1)

    walk(None, 0)
    for team in teams:
        if team.pk not in seen:
            seen.add(team.pk)
            listed.append((str(team.pk), team.name))
            walk(team.pk, 1)
    return listed
