"""The respondent's pages, through HTTP."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import OutboxEntry
from accounts.tenancy import organization_context
from crm.models import Customer
from feedback.links import invite, public_link
from feedback.models import Invitation, Response, Score
from feedback.surveys.services import close
from tests import factories
from tests.cast import Cast

from . import makers

pytestmark = pytest.mark.django_db


class World:
    """A relationship survey with a public link, and a customer with a personal token."""

    def __init__(self, cast: Cast, template: str = "relationship-nps") -> None:
        self.organization = cast.organization
        with self.inside():
            self.survey = makers.survey(template)
            self.public = public_link(self.survey).token
            self.customer = factories.customer()
            self.personal = self.invite(self.customer)

    def inside(self) -> Any:
        return organization_context(self.organization)

    def invite(self, who: Customer, **fields: Any) -> str:
        with self.inside():
            token = invite(survey=self.survey, customer=who, **fields)[1]
        assert token is not None
        return token

    def responses(self) -> list[Response]:
        with self.inside():
            return list(Response.objects.order_by("created_at"))

    def invitation(self) -> Invitation:
        with self.inside():
            return Invitation.objects.get(customer=self.customer)


@pytest.fixture
def world(cast: Cast) -> World:
    return World(cast)


def started(client: Client, token: str) -> str:
    page = client.get(f"/s/{token}").content.decode()
    found = re.search(r'name="started" value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_page_asks(client: Client, world: World) -> None:
    answer = client.get(f"/s/{world.public}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "How likely are you to recommend Halden Home" in page
    assert page.count('type="radio" name="nps"') == 11
    assert "0 is not at all likely" in page
    assert '<textarea name="reason"' in page
    assert "read by people who can put things right" in page
    assert "Not now" not in page
    assert f'href="/s/{world.public}/used"' in page
    assert not answer.cookies
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    policy = answer.headers["Content-Security-Policy"]
    assert re.search(r"style-src [^;]*'sha256-", policy)
    assert "unsafe" not in policy


def test_an_answer_is_stored_before_the_thanks(client: Client, world: World) -> None:
    answer = client.post(f"/s/{world.public}", {"nps": "3", "reason": "slow", "started": "forged"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/s/{world.public}/done"
    (response,) = world.responses()
    assert response.answers == {"nps": 3, "reason": "slow"}
    assert (response.customer_id, response.channel, response.language) == (None, "link", "en")
    assert response.external_id is None
    done = client.get(answer.headers["Location"])
    assert "Your answer is stored" in done.content.decode()


def test_a_personal_token_knows_who_answered_and_answers_once(client: Client, world: World) -> None:
    address = f"/s/{world.personal}"
    assert "Not now" in client.get(address).content.decode()
    assert client.get(f"{address}/done").headers["Location"] == address
    assert client.post(address, {"nps": "2"}).status_code == 303
    again = client.post(address, {"nps": "10"})
    assert again.status_code == 200
    assert "already answered" in again.content.decode()
    assert "already answered" in client.get(address).content.decode()
    (response,) = world.responses()
    assert (response.customer_id, response.answers) == (world.customer.pk, {"nps": 2})
    assert world.invitation().status == Invitation.Status.ANSWERED


def test_wrong_answers_are_shown_again_with_what_to_do(client: Client, world: World) -> None:
    answer = client.post(f"/s/{world.public}", {"nps": "", "reason": 'kept <b>"so"</b>'})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Please answer this question." in page
    assert 'href="#q-nps"' in page
    assert "kept &lt;b&gt;&quot;so&quot;&lt;/b&gt;" in page
    assert not world.responses()


def test_sending_the_same_form_twice_is_one_response(client: Client, world: World) -> None:
    mark = started(client, world.public)
    for _ in range(2):
        assert client.post(f"/s/{world.public}", {"nps": "9", "started": mark}).status_code == 303
    assert len(world.responses()) == 1
    assert client.post(f"/s/{world.public}", {"nps": "9", "started": started(client, world.public)})
    assert len(world.responses()) == 2


def test_a_program_that_fills_everything_is_thanked_and_forgotten(client: Client, world: World) -> None:
    answer = client.post(f"/s/{world.public}", {"nps": "9", "website": "http://spam.example"})
    assert answer.status_code == 303
    assert not world.responses()


def test_get_never_changes_anything(client: Client, world: World) -> None:
    for end in ("", "/done", "/decline", "/never", "/used", "?nps=9&dismiss=1"):
        assert client.get(f"/s/{world.personal}{end}").status_code in (200, 303)
        assert client.head(f"/s/{world.personal}{end}").status_code in (200, 303)
    assert world.invitation().status == Invitation.Status.SENT
    assert not world.responses()
    with world.inside():
        assert Customer.objects.get(pk=world.customer.pk).surveys_opted_out_at is None


@pytest.mark.parametrize(("end", "body"), [("", {"dismiss": "1", "nps": ""}), ("/decline", {})])
def test_not_now(client: Client, world: World, end: str, body: dict[str, str]) -> None:
    answer = client.post(f"/s/{world.personal}{end}", body)
    assert "not now" in answer.content.decode()
    assert world.invitation().status == Invitation.Status.DECLINED
    assert client.post(f"/s/{world.personal}", {"nps": "8"}).status_code == 303, "a change of mind counts"
    assert len(world.responses()) == 1


def test_never_again_is_kept_and_holds(client: Client, world: World) -> None:
    address = f"/s/{world.personal}/never"
    assert "Shall we never ask you again?" in client.get(address).content.decode()
    for _ in range(2):
        assert "You will not be asked again" in client.post(address).content.decode()
    with world.inside():
        customer = Customer.objects.get(pk=world.customer.pk)
        assert customer.surveys_opted_out_at is not None
        invitation, token = invite(survey=world.survey, customer=customer)
        assert token is None
        assert (invitation.status, invitation.ineligible_reason) == ("not_asked", "opted_out")
    assert client.post(f"/s/{world.public}/never").status_code == 303, "a public link is nobody's"


def test_how_it_is_used(client: Client, world: World) -> None:
    assert "without your name" in client.get(f"/s/{world.public}/used").content.decode()
    assert (
        "with your customer record at Halden Home" in client.get(f"/s/{world.personal}/used").content.decode()
    )


def test_unknown_tokens_and_methods(client: Client, world: World) -> None:
    for token in ("l" + "A" * 32, "p" + "A" * 32, world.public[:-1] + "_"):
        answer = client.post(f"/s/{token}", {"nps": "9"})
        assert answer.status_code == 404
        assert "There is no survey at this address" in answer.content.decode()
    assert client.get("/s/short").status_code == 404
    assert client.put(f"/s/{world.public}").status_code == 405
    assert client.post(f"/s/{world.public}/done").status_code == 405


def test_closed_expired_and_shut(client: Client, world: World) -> None:
    late = world.invite(world.customer, expires_at=timezone.now() - timedelta(seconds=1))
    closed = client.post(f"/s/{late}", {"nps": "9"})
    assert "This survey is closed" in closed.content.decode()
    with world.inside():
        world.survey.links.update(is_open=False)
    assert "This survey is closed" in client.post(f"/s/{world.public}", {"nps": "9"}).content.decode()
    assert client.get(f"/s/{world.personal}").status_code == 200
    with world.inside():
        close(world.survey)
    assert "This survey is closed" in client.post(f"/s/{world.personal}", {"nps": "9"}).content.decode()
    assert not world.responses()


def test_a_survey_that_was_never_published_is_not_there(client: Client, world: World) -> None:
    from feedback.surveys.services import create_survey
    from feedback.surveys.templates import relationship_nps

    with world.inside():
        draft = create_survey(key="draft", name="D", kind="relationship", document=relationship_nps("X"))
        token = public_link(draft).token
    assert client.get(f"/s/{token}").status_code == 404


def test_an_inactive_organization_takes_no_answers(client: Client, world: World) -> None:
    world.organization.is_active = False
    world.organization.save()
    assert client.get(f"/s/{world.public}").status_code == 503
    assert client.post(f"/s/{world.public}", {"nps": "9"}).status_code == 503
    assert not world.responses()


def test_bodies_have_a_limit(client: Client, world: World) -> None:
    answer = client.post(f"/s/{world.public}", {"nps": "9", "reason": "x" * 600_000})
    assert answer.status_code == 413
    assert "shorten" in answer.content.decode()
    many = client.post(f"/s/{world.public}", {f"f{n}": "1" for n in range(600)})
    assert many.status_code == 400
    assert not world.responses()


def test_it_works_without_cookies_and_without_a_csrf_token(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/s/{world.public}", {"nps": "9"}).status_code == 303
    assert len(world.responses()) == 1


def test_staff_who_are_logged_in_answer_like_anybody(client: Client, cast: Cast, world: World) -> None:
    client.force_login(cast.otto)
    assert client.get(f"/s/{world.public}").status_code == 200
    assert client.post(f"/s/{world.public}", {"nps": "9"}).status_code == 303


def test_languages(client: Client, world: World) -> None:
    document = {
        "title": {"en": "One question", "nl": "Eén vraag", "ar": "سؤال"},
        "languages": ["en", "nl", "ar"],
        "questions": [
            {"id": "nps", "type": "nps", "title": {"en": "How likely?", "nl": "Hoe waarschijnlijk?"}}
        ],
    }
    with world.inside():
        survey = makers.survey(document=lambda name: document)
        token = public_link(survey).token
        dutch = factories.customer(language="nl-BE")
        personal = invite(survey=survey, customer=dutch)[1]
    address = f"/s/{token}"
    assert "How likely?" in client.get(address).content.decode()
    page = client.get(f"{address}?lang=nl").content.decode()
    assert '<html lang="nl"' in page
    assert "Hoe waarschijnlijk?" in page
    assert f'action="{address}?lang=nl"' in page
    assert "Nederlands" in page
    arabic = client.get(f"{address}?lang=ar").content.decode()
    assert 'dir="rtl"' in arabic
    assert "How likely?" in arabic, "a missing translation falls back"
    browser = client.get(address, headers={"accept-language": "de, nl;q=0.8"}).content.decode()
    assert "Hoe waarschijnlijk?" in browser
    english = client.get(address, headers={"accept-language": "en-GB, nl;q=0.8"}).content.decode()
    assert "How likely?" in english
    assert "Hoe waarschijnlijk?" in client.get(f"/s/{personal}").content.decode()
    assert client.post(f"{address}?lang=nl", {"nps": "9"}).headers["Location"] == f"{address}/done?lang=nl"
    assert world.responses()[-1].language == "nl"


def test_every_kind_of_question_is_drawn_and_read(client: Client, world: World) -> None:
    from .test_document import EVERYTHING

    with world.inside():
        token = public_link(makers.survey(document=lambda name: EVERYTHING)).token
    page = client.get(f"/s/{token}").content.decode()
    fields = {
        "nps": "9",
        "csat": "4",
        "ces": "7",
        "stars": "3",
        "faces": "0",
        "one": "a",
        "some": ["a", "c"],
        "drop": "c",
        "m.speed": "8",
        "m.price": "1",
        "age": "12.5",
        "day": "2026-02-28",
        "short": "hi",
        "why": "so",
        "ok": "true",
    }
    for name, value in fields.items():
        assert f'name="{name}"' in page
        if name not in ("age", "day", "short", "why"):
            assert f'value="{value if isinstance(value, str) else value[0]}"' in page
    wrong = client.post(f"/s/{token}", {**fields, "csat": "6"})
    assert wrong.status_code == 422
    shown = wrong.content.decode()
    for kept in (
        'value="9" checked',
        'value="c" checked',
        'value="8" checked',
        'value="true" id="q-ok" checked',
    ):
        assert kept in shown
    assert client.post(f"/s/{token}", fields).status_code == 303
    stored = world.responses()[-1].answers
    assert stored["m"] == {"speed": 8, "price": 1}
    assert (stored["some"], stored["ok"], stored["age"]) == (["a", "c"], True, 12.5)


def test_another_organizations_token_leads_there_only(client: Client, cast: Cast, world: World) -> None:
    with organization_context(cast.other):
        theirs = makers.survey()
        token = public_link(theirs).token
    assert client.post(f"/s/{token}", {"nps": "9"}).status_code == 303
    assert not world.responses()
    with organization_context(cast.other):
        assert Response.objects.count() == 1
    with connection.cursor() as cursor:
        from feedback.links import token_hash

        cursor.execute("SELECT feedback_resolve_token(%s)", [token_hash(token)])
        assert cursor.fetchone()[0] == cast.other.pk
        cursor.execute("SELECT feedback_resolve_token(%s)", [b"guess"])
        assert cursor.fetchone()[0] is None


def test_query_budgets(client: Client, world: World, query_budget: type) -> None:
    client.get(f"/s/{world.public}")
    with query_budget(6):  # resolve, survey; the others open and close the context
        client.get(f"/s/{world.public}")
    with query_budget(8):  # and the response, the outbox row
        client.post(f"/s/{world.public}", {"nps": "9", "reason": "x", "started": started_value(world)})
    with query_budget(12):
        client.post(f"/s/{world.personal}", {"nps": "9", "reason": "x"})


def started_value(world: World) -> str:
    from feedback.intake.form import new_mark

    return new_mark()


@pytest.mark.django_db(transaction=True)
def test_what_was_acknowledged_is_there_for_everybody(cast: Cast) -> None:
    world = World(cast)
    answer = Client().post(f"/s/{world.personal}", {"nps": "1", "reason": "x"})
    assert answer.status_code == 303
    seen: dict[str, int] = {}

    def look() -> None:
        try:
            with world.inside():
                seen.update(
                    responses=Response.objects.count(),
                    scores=Score.objects.count(),
                    owed=OutboxEntry.objects.count(),
                )
        finally:
            connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join(20)
    assert seen == {"responses": 1, "scores": 1, "owed": 1}


def race(addresses: list[tuple[str, dict[str, str]]]) -> list[int]:
    """POST all at once, each over its own connection."""
    together = threading.Barrier(len(addresses))
    codes: list[int] = []

    def send(address: str, body: dict[str, str]) -> None:
        try:
            together.wait(20)
            codes.append(Client().post(address, body).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=one) for one in addresses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return codes


@pytest.mark.django_db(transaction=True)
def test_racing_submits_of_one_invitation_store_one(cast: Cast) -> None:
    world = World(cast)
    codes = race([(f"/s/{world.personal}", {"nps": str(n)}) for n in range(6)])
    assert len(codes) == 6
    assert set(codes) <= {200, 303}
    assert len(world.responses()) == 1
    with world.inside():
        assert Score.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_racing_submits_of_one_form_store_one(cast: Cast) -> None:
    world = World(cast)
    mark = started(Client(), world.public)
    codes = race([(f"/s/{world.public}", {"nps": str(n), "started": mark}) for n in range(6)])
    assert codes == [303] * 6
    assert len(world.responses()) == 1


@pytest.mark.django_db(transaction=True)
def test_racing_answers_of_one_customer_leave_one_that_counts(cast: Cast) -> None:
    world = World(cast)
    tokens = [world.invite(world.customer, wave="w") for _ in range(6)]
    assert race([(f"/s/{token}", {"nps": "9"}) for token in tokens]) == [303] * 6
    with world.inside():
        assert Score.objects.count() == 6
        assert Score.objects.filter(counts=True).count() == 1
