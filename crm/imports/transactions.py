"""Import of transactions: orders, refunds and cancellations, in any currency that has a rate."""

from psycopg2 import sql

from accounts.models import ExchangeRate, Organization
from crm.models import Customer, Transaction
from crm.models.transaction import TransactionKind

from . import importer as kinds
from .importer import Counts
from .mapping import Checker, Mapping, Source
from .money import LARGEST_RATE, money
from .rows import RowImporter
from .staging import Staging
from .upsert import HASH_ID, OWN_ID, Upsert, create_customers, refuse_repeated, unknown_reference

MOST = "999999999999.99"
INITIAL = {
    "kind": "'order'",
    "quantity": "NULL",
    "channel": "''",
    "description": "''",
    "properties": "'{}'",
}
NEGATIVE = '; amounts are never negative: give refunds their "kind" (refund, cancellation)'


class TransactionImporter(RowImporter):
    kind = "transactions"
    fills = (Customer, Transaction)
    options = ("create_customers",)
    targets = {
        "external_id": kinds.own_id(),
        "customer": kinds.text(200, required=True),
        "kind": kinds.choice(TransactionKind.values),
        "occurred_at": kinds.instant(required=True),
        "amount": kinds.decimals(2, MOST, hint=NEGATIVE, required=True),
        "currency": kinds.pattern(
            "[A-Z]{3}", "an ISO 4217 currency, such as EUR", fold=str.upper, required=True
        ),
        "rate": kinds.decimals(10, str(LARGEST_RATE)),
        "quantity": kinds.whole(),
        "channel": kinds.text(16),
        "description": kinds.text(300),
        "properties": kinds.group("text"),
    }

    def check(self, checker: Checker, mapping: Mapping, organization: Organization) -> None:
        super().check(checker, mapping, organization)
        currency = mapping.columns.get("currency")
        if (
            isinstance(currency, Source)
            and currency.constant is not None
            and currency.constant.upper() != organization.currency
            and "rate" not in mapping.columns
            and not ExchangeRate.objects.filter(currency=currency.constant.upper()).exists()
        ):
            checker.note(
                "columns.rate",
                f"is required: the file is in {currency.constant}, {organization.name} reports in "
                f"{organization.currency} and has no exchange rate of {currency.constant}. Set dated ones under "
                f"Settings, Exchange rates, or say how much one {currency.constant} is, such as "
                '{"constant": "0.92"}',
            )

    def write(self, staging: Staging, mapping: Mapping, organization: Organization) -> Counts:
        has_id = "external_id" in mapping.columns
        amounts = money(organization, mapped="rate" in mapping.columns)
        staging.refuse(amounts.has_no_rate, "currency", amounts.no_rate)
        staging.refuse(
            amounts.is_above(sql.Literal(MOST)),
            "rate",
            sql.SQL("'amount times rate is above {}'").format(sql.SQL(MOST)),
        )
        refuse_unknown_customers(staging, mapping)
        if has_id:
            refuse_repeated(staging, list(staging.columns)[1:])
        customers = create_named_customers(staging, mapping, organization)
        fields: dict[str, sql.Composable] = {
            name: sql.Identifier("s", name)
            for name in mapping.columns
            if name not in ("external_id", "customer", "rate")
        }
        fields |= {"customer_id": sql.SQL("customer.id"), "reporting_amount": amounts.reporting_amount}
        created, updated = Upsert(
            "crm_transaction",
            OWN_ID if has_id else HASH_ID,
            fields,
            merged=["properties"],
            initial={name: sql.SQL(value) for name, value in INITIAL.items() if name not in fields},
            joins=sql.SQL("JOIN crm_customer customer ON customer.external_id = s.customer"),
        ).run(staging, organization.pk)
        return Counts(created, updated, customers)


def refuse_unknown_customers(staging: Staging, mapping: Mapping) -> None:
    """Where the mapping says that rows make no customers."""
    if not mapping.options.get("create_customers", True):
        unknown_reference(
            staging, "customer", "crm_customer", "external_id", "customer with the id", "customer"
        )


def create_named_customers(staging: Staging, mapping: Mapping, organization: Organization) -> int:
    """The customers that rows name, unless the mapping says that none are made. Returns how many are new."""
    if mapping.options.get("create_customers", True):
        return create_customers(staging, "customer", organization.pk)
    return 0
