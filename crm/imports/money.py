"""Amounts of staged rows in the organization's reporting currency, as SQL: the same figures as crm/records.

The rate of a row's day is looked up once, where the row is written. Whether there is one, and whether the result fits,
is told from what is known of each currency beforehand.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max, Min
from psycopg2 import sql

from accounts.models import ExchangeRate, Organization

#: What a mapped `rate` may be at most.
LARGEST_RATE = Decimal(1_000_000)


@dataclass(frozen=True)
class Money:
    """How amounts of one import become amounts in the reporting currency. `mapped`: rows may bring a rate."""

    organization: Organization
    mapped: bool
    #: Currency → the first day that has a rate; it has one on every day after.
    first_days: dict[str, date]
    #: No rate of this import is larger.
    largest_rate: Decimal

    @property
    def currency(self) -> sql.Composable:
        return sql.Literal(self.organization.currency)

    @property
    def day(self) -> sql.Composable:
        """The day of the staged row `s` in the organization's zone, which decides the rate."""
        return sql.SQL("(s.occurred_at AT TIME ZONE {})::date").format(
            sql.Literal(self.organization.time_zone)
        )

    @property
    def rate(self) -> sql.Composable:
        """What one unit of the row's currency is worth: by the row itself, else by the rate that held on its day."""
        dated = sql.SQL(
            "(SELECT r.rate FROM accounts_exchangerate r WHERE r.organization_id = {} AND r.currency = s.currency"
            " AND r.day <= {} ORDER BY r.day DESC LIMIT 1)"
        ).format(sql.Literal(str(self.organization.pk)), self.day)
        return sql.SQL("coalesce(s.rate, {})").format(dated) if self.mapped else dated

    @property
    def reporting_amount(self) -> sql.Composable:
        """Rounded half to even at two places. OFFSET 0 keeps the look-up from being done once for each mention."""
        return sql.SQL(
            "CASE WHEN s.currency = {} THEN s.amount ELSE"
            " (SELECT round(p.x, 2) - CASE WHEN mod(p.x * 100, 2) = 0.5 THEN 0.01 ELSE 0 END"
            " FROM (SELECT s.amount * {} AS x OFFSET 0) p) END"
        ).format(self.currency, self.rate)

    @property
    def has_no_rate(self) -> sql.Composable:
        first: sql.Composable = sql.SQL("'infinity'::date")
        if self.first_days:
            cases = sql.SQL(" ").join(
                sql.SQL("WHEN {} THEN {}::date").format(sql.Literal(currency), sql.Literal(day.isoformat()))
                for currency, day in self.first_days.items()
            )
            first = sql.SQL("CASE s.currency {} ELSE {} END").format(cases, first)
        unrated = sql.SQL("s.rate IS NULL AND ") if self.mapped else sql.SQL("")
        return sql.SQL("s.currency <> {} AND {}{} < {}").format(self.currency, unrated, self.day, first)

    @property
    def no_rate(self) -> sql.Composable:
        """What is said of a row that has none."""
        return sql.SQL(
            "'no rate of ' || s.currency || ' to ' || {} || ' is known for ' || {}::text || "
            "': set one from that day or before under Settings, Exchange rates, or map \"rate\"'"
        ).format(self.currency, self.day)

    def is_above(self, most: sql.Composable) -> sql.Composable:
        """Rows whose result is more than `most`; most of them are seen to be less without a look-up."""
        return sql.SQL("s.amount * {} > {}::numeric AND ({}) > {}::numeric").format(
            sql.Literal(self.largest_rate), most, self.reporting_amount, most
        )


def money(organization: Organization, *, mapped: bool) -> Money:
    """Inside the organization's context; one query."""
    known = list(ExchangeRate.objects.order_by().values_list("currency").annotate(Min("day"), Max("rate")))
    rates = [rate for _, _, rate in known] + [Decimal(1)] + ([LARGEST_RATE] if mapped else [])
    return Money(organization, mapped, {currency: first for currency, first, _ in known}, max(rates))
