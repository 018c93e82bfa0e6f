"""A block of the world as rows of the models: field names and values in COPY's order."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from crm.models import Case, Company, Customer, Interaction, Transaction
from feedback.models import Invitation, Response, Score, Verbatim

from . import asking, contacts, orders, people
from .cases import OPENED_BY, ROOT_CAUSES
from .ids import uuids
from .truth import ITEMS, SEGMENTS
from .world import BLOCK, Block, World

#: What goes into one table: model, fields, rows.
Table = tuple[Any, Sequence[str], Iterable[Sequence[Any]]]
Texts = list[Any]
#: By responses.COMPLETE, PARTIAL, DISMISSED.
STATUS = (Response.Status.COMPLETE, Response.Status.PARTIAL, Response.Status.DISMISSED)
#: Order numbers of a block: the twentieth thousand of customers does not share any with the first.
NUMBERS_A_BLOCK = 1_000_000


@dataclass(frozen=True)
class References:
    """Ids of what is there before the first block."""

    touchpoints: Texts
    employees: Texts
    teams: Texts  # of each employee
    surveys: Texts
    versions: Texts
    survey_names: tuple[str, ...]


class BlockRows:
    """The tables of one block, each after those it refers to."""

    def __init__(self, world: World, block: Block, references: References) -> None:
        self.world, self.block, self.to = world, block, references
        self.calendar = world.calendar
        self.products = world.company.product_names
        self.customers = uuids(len(block.customers))
        self.interactions = uuids(len(block.interactions))
        self.asks = uuids(len(block.asks))
        self.responses = uuids(len(block.responses))
        self.first_number = block.number * NUMBERS_A_BLOCK + 1
        countries = block.customers.country
        self.names = people.names(countries, np.random.default_rng([world.seed, block.number, 1]))

    def tables(self) -> Iterator[Table]:
        yield from self._customers()
        yield self._transactions()
        yield self._interactions()
        yield self._invitations()
        yield self._responses()
        yield self._scores()
        yield self._verbatims()
        yield self._cases()

    def _time(self, time: np.ndarray) -> Texts:
        """ISO texts; None for NaN."""
        known = ~np.isnan(time)
        texts = np.datetime_as_string(
            self.calendar.instants(np.where(known, time, 0.0)), timezone="UTC"
        ).tolist()
        return texts if known.all() else [text if k else None for text, k in zip(texts, known, strict=True)]

    def _ids(self, ids: Texts, index: np.ndarray) -> Texts:
        return [ids[one] if one >= 0 else None for one in index.tolist()]

    def _order_number(self, position: int) -> str:
        return f"88-{self.first_number + position:06d}"

    def _customers(self) -> Iterator[Table]:
        customers = self.block.customers
        numbers = np.unique(customers.trade[customers.trade >= 0]).tolist()
        companies = dict(zip(numbers, uuids(len(numbers)), strict=True))
        opening = self._time(np.zeros(1))[0]
        firm = (
            (companies[number], f"B-{number}", people.company_name(number), opening) for number in numbers
        )
        yield Company, ("id", "external_id", "name", "created_at"), firm
        since = self._time(customers.since)
        known_since = self._time(np.maximum(customers.since, 0.0))
        opted = self._time(
            np.where(np.isnan(customers.opted_out), np.nan, np.minimum(customers.opted_out, 729.9))
        )
        codes = [people.COUNTRIES[one] for one in customers.country.tolist()]

        def rows() -> Iterator[Sequence[Any]]:
            for row, (number, segment, trade, reachable, language) in enumerate(
                zip(
                    customers.number.tolist(),
                    customers.segment.tolist(),
                    customers.trade.tolist(),
                    customers.reachable.tolist(),
                    customers.language.tolist(),
                    strict=True,
                )
            ):
                first, last = self.names[row]
                yield (
                    self.customers[row],
                    f"C-{100_000 + number}",
                    f"{first} {last}",
                    people.email(first, last, number) if reachable else "",
                    people.phone(codes[row], number),
                    companies.get(trade),
                    SEGMENTS[segment],
                    codes[row],
                    language,
                    since[row],
                    opted[row],
                    f'{{"newsletter": {"true" if number % 3 else "false"}}}',
                    known_since[row],
                    known_since[row],
                )

        fields = (
            "id external_id name email phone company segment country language since surveys_opted_out_at "
            "attributes created_at updated_at"
        )
        yield Customer, fields.split(), rows()

    def _transactions(self) -> Table:
        table, country = self.block.transactions, self.block.customers.country
        when = self._time(table.at)
        british = (country[table.who] == people.COUNTRIES.index("GB")).tolist()
        kinds = ("order", "refund", "cancellation")
        prefix = ("", "R-", "X-")

        def rows() -> Iterator[Sequence[Any]]:
            for row, (who, kind, order, product, quantity, euros, store) in enumerate(
                zip(
                    table.who.tolist(),
                    table.kind.tolist(),
                    table.order.tolist(),
                    table.product.tolist(),
                    table.quantity.tolist(),
                    table.euros.tolist(),
                    table.store.tolist(),
                    strict=True,
                )
            ):
                number = self._order_number(order)
                amount = round(euros * orders.POUND, 2) if british[row] else euros
                many = f"{quantity} × " if quantity > 1 else ""
                yield (
                    self.customers[who],
                    prefix[kind] + number,
                    kinds[kind],
                    when[row],
                    f"{amount:.2f}",
                    "GBP" if british[row] else "EUR",
                    f"{euros:.2f}",
                    quantity,
                    "store" if store else "web",
                    f"{many}{self.products[product]}",
                    "{}" if kind == orders.ORDER else f'{{"order": "{number}"}}',
                    when[row],
                    when[row],
                )

        fields = (
            "customer external_id kind occurred_at amount currency reporting_amount quantity channel description "
            "properties created_at updated_at"
        )
        return Transaction, fields.split(), rows()

    def _interactions(self) -> Table:
        table = self.block.interactions
        when = self._time(table.at)
        measures = self._measures()
        seconds = [None if np.isnan(one) else int(one) for one in table.handle.tolist()]

        def rows() -> Iterator[Sequence[Any]]:
            for row, (who, kind, channel, place, employee, order, product, complaint, late) in enumerate(
                zip(
                    table.who.tolist(),
                    table.kind.tolist(),
                    table.channel.tolist(),
                    table.place.tolist(),
                    table.employee.tolist(),
                    table.order.tolist(),
                    table.product.tolist(),
                    table.complaint.tolist(),
                    table.days_late.tolist(),
                    strict=True,
                )
            ):
                number = self._order_number(order) if order >= 0 else ""
                yield (
                    self.interactions[row],
                    f"I-{self.first_number + row}",
                    self.customers[who],
                    contacts.CHANNELS[channel],
                    self.to.touchpoints[place],
                    self.to.employees[employee] if employee >= 0 else None,
                    when[row],
                    seconds[row],
                    self._subject(kind, place, self.products[product], number, complaint, late),
                    complaint,
                    measures[row],
                    f'{{"order": "{number}"}}' if number else "{}",
                    when[row],
                    when[row],
                )

        fields = (
            "id external_id customer channel touchpoint employee occurred_at duration_seconds subject is_complaint "
            "measures properties created_at updated_at"
        )
        return Interaction, fields.split(), rows()

    def _measures(self) -> list[str]:
        table = self.block.interactions
        names = ("wait_seconds", "handle_seconds", "transfers", "resolved_first_contact", "days_late")
        columns = (table.wait, table.handle, table.transfers, table.resolved, table.days_late)
        return [
            "{" + ", ".join(f'"{n}": {int(v)}' for n, v in zip(names, values, strict=True) if v == v) + "}"
            for values in zip(*(column.tolist() for column in columns), strict=True)
        ]

    def _subject(self, kind: int, place: int, product: str, number: str, complaint: bool, late: float) -> str:
        if kind == contacts.DELIVERY:
            what = f"Delivered order {number}" if number else f"Delivered a part for the {product}"
            return what + (f", {int(late)} days late" if late > 0 else "")
        if kind == contacts.CONTACT:
            return f"Complaint about the {product}" if complaint else f"Question about the {product}"
        if kind == contacts.TASK:
            return f"{_TASKS[place]}: {product}"
        return f"Asked about the {product}" if kind == contacts.IN_STORE else f"Looked at the {product}"

    def _invitations(self) -> Table:
        asks = self.block.asks
        status, declined = self._ask_status()
        sent = asks.sent.tolist()
        digests = np.random.default_rng().bytes(32 * len(asks)).hex()  # of tokens that nobody has
        interaction = np.where(asks.survey == asking.NPS, -1, asks.row)
        waves = np.where(asks.survey == asking.NPS, self.calendar.quarters(asks.at), "").tolist()
        when, until = self._time(asks.at), self._time(asks.at + 30.0)
        answered = self._time(np.where(asks.answered, asks.answer_at, np.nan))

        def rows() -> Iterator[Sequence[Any]]:
            for row, (survey, who, reason, probability) in enumerate(
                zip(
                    asks.survey.tolist(),
                    asks.who.tolist(),
                    asks.reason.tolist(),
                    asks.probability.tolist(),
                    strict=True,
                )
            ):
                about = interaction[row]
                yield (
                    self.asks[row],
                    self.to.surveys[survey],
                    self.customers[who],
                    self.interactions[about] if about >= 0 else None,
                    waves[row],
                    "email",
                    f"\\x{digests[64 * row : 64 * row + 64]}" if sent[row] else None,
                    Invitation.Status.DECLINED if row in declined else status[row],
                    asking.REASONS[reason],
                    probability,
                    when[row],
                    until[row] if sent[row] else None,
                    answered[row],
                )

        fields = (
            "id survey customer interaction wave channel hash status ineligible_reason sampling_probability sent_at "
            "expires_at answered_at"
        )
        return Invitation, fields.split(), rows()

    def _ask_status(self) -> tuple[Texts, set[int]]:
        asks = self.block.asks
        names = np.array(["not_asked", "delivered", "bounced", "answered", "sent"])
        code = np.where(asks.sent, 1, 0)
        code[asks.sent & asks.bounced] = 2
        code[asks.answered] = 3
        code[asks.sent & ~asks.answered & ~asks.bounced & (asks.at > 729.9)] = 4
        return names[code].tolist(), set(self.block.responses.dismissed_asks.tolist())

    def _responses(self) -> Table:
        table = self.block.responses
        when = self._time(table.at)
        places = self.block.interactions.place
        waves = np.where(table.survey == asking.NPS, self.calendar.quarters(table.at), "")
        of_ask = table.ask >= 0  # the wave somebody was asked in, also when they answer in the next quarter
        asked = (
            self.calendar.quarters(self.block.asks.at[np.maximum(table.ask, 0)]) if of_ask.any() else waves
        )
        waves = np.where(of_ask & (table.survey == asking.NPS), asked, waves).tolist()

        def rows() -> Iterator[Sequence[Any]]:
            for row, (survey, who, ask, about, status, test, channel, language) in enumerate(
                zip(
                    table.survey.tolist(),
                    table.who.tolist(),
                    table.ask.tolist(),
                    table.interaction.tolist(),
                    table.status.tolist(),
                    table.test.tolist(),
                    table.channel.tolist(),
                    table.language.tolist(),
                    strict=True,
                )
            ):
                yield (
                    self.responses[row],
                    self.to.surveys[survey],
                    self.to.versions[survey],
                    self.customers[who] if who >= 0 else None,
                    self.asks[ask] if ask >= 0 else None,
                    self.interactions[about] if about >= 0 else None,
                    self.to.touchpoints[places[about]] if about >= 0 else None,
                    STATUS[status],
                    test,
                    waves[row],
                    channel,
                    language,
                    self.answers(row),
                    when[row],
                    when[row],
                    when[row],
                )

        fields = (
            "id survey version customer invitation interaction touchpoint status is_test wave channel language answers "
            "answered_at created_at updated_at"
        )
        return Response, fields.split(), rows()

    def answers(self, row: int) -> str:
        """The answers of one response as JSON, as the survey's document has them."""
        table = self.block.responses
        given: dict[str, Any] = {METRICS[int(table.survey[row])]: int(table.score[row])}
        rated = {item: int(v) for item, v in zip(ITEMS, table.items[row].tolist(), strict=True) if v == v}
        if rated:
            given["rated"] = rated
        if table.text[row]:
            given["why"] = table.text[row]
        return json.dumps(given, ensure_ascii=False)

    def _scores(self) -> Table:
        table = self.block.responses
        when = self._time(table.at)
        counts, items_count = table.counts.tolist(), table.items_count.tolist()
        places = self.block.interactions.place

        def rows() -> Iterator[Sequence[Any]]:
            for row, (survey, who, about, channel, score, items) in enumerate(
                zip(
                    table.survey.tolist(),
                    table.who.tolist(),
                    table.interaction.tolist(),
                    table.channel.tolist(),
                    table.score.tolist(),
                    table.items.tolist(),
                    strict=True,
                )
            ):
                same = (
                    self.responses[row],
                    self.customers[who] if who >= 0 else None,
                    self.to.surveys[survey],
                    self.to.touchpoints[places[about]] if about >= 0 else None,
                    channel,
                    when[row],
                )
                yield (*same, METRICS[survey], METRICS[survey], score, counts[row])
                for item, value, counted in zip(ITEMS, items, items_count[row], strict=True):
                    if value == value:
                        yield (*same, f"rating:{item}", f"rated.{item}", value, counted)

        fields = "response customer survey touchpoint channel answered_at metric question value counts"
        return Score, fields.split(), rows()

    def _verbatims(self) -> Table:
        table = self.block.responses
        when = self._time(table.at)
        rows = (
            (
                self.responses[row],
                self.customers[who] if who >= 0 else None,
                "why",
                table.text[row],
                language,
                when[row],
            )
            for row, (who, language) in enumerate(
                zip(table.who.tolist(), table.language.tolist(), strict=True)
            )
            if table.text[row]
        )
        return Verbatim, ["response", "customer", "question", "text", "language", "answered_at"], rows

    def _cases(self) -> Table:
        table = self.block.cases
        opened, due, closed = (
            self._time(table.opened_at),
            self._time(table.due_at),
            self._time(table.closed_at),
        )
        first = self.block.number * 10 * BLOCK + 1

        def rows() -> Iterator[Sequence[Any]]:
            for row, (who, reason, source, waiting, owner, cause) in enumerate(
                zip(
                    table.who.tolist(),
                    table.reason.tolist(),
                    table.source.tolist(),
                    table.waiting.tolist(),
                    table.owner.tolist(),
                    table.root_cause.tolist(),
                    strict=True,
                )
            ):
                is_open = closed[row] is None
                status = Case.Status.WAITING if waiting else Case.Status.OPEN
                yield (
                    first + row,
                    self.customers[who],
                    self._case_subject(reason, source),
                    OPENED_BY[reason],
                    f"interaction:{self.interactions[source]}"
                    if OPENED_BY[reason] == "complaint"
                    else f"response:{self.responses[source]}",
                    status if is_open else Case.Status.CLOSED,
                    self.to.employees[owner] if owner >= 0 else None,
                    self.to.teams[owner] if owner >= 0 else None,
                    ROOT_CAUSES[cause],
                    opened[row],
                    due[row],
                    closed[row],
                )

        fields = (
            "number customer subject reason source status owner team root_cause opened_at due_at closed_at"
        )
        return Case, fields.split(), rows()

    def _case_subject(self, reason: int, source: int) -> str:
        if OPENED_BY[reason] == "complaint":
            return f"Complaint about the {self.products[self.block.interactions.product[source]]}"
        survey, score = int(self.block.responses.survey[source]), int(self.block.responses.score[source])
        most = 10 if survey == asking.NPS else 5
        return f"{METRICS[survey].upper()} {score} of {most} in {self.to.survey_names[survey]}"


#: Metric and question id of each survey's overall score.
METRICS = ("nps", "csat", "ces")
_TASKS = {
    place: words
    for place, words in zip(
        contacts.TASK_PLACES.tolist(),
        ("Paid for", "Tracked", "Returned", "Assembly help", "Looked up the invoice"),
        strict=True,
    )
}
