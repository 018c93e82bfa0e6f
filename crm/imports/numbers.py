"""Numbers in cells: amounts, rates, counts."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from .values import Refused, Value, shown


class Decimals(Value):
    """A decimal number with its bounds, kept to `places` digits."""

    sql_type = "numeric"
    _plain = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")

    def __init__(
        self,
        *,
        places: int,
        most: Decimal,
        least: Decimal = Decimal(0),
        comma: bool = False,
        hint: str = "",
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.step, self.most, self.least = Decimal(1).scaleb(-places), most, least
        self.places, self.comma, self.hint = places, comma, hint

    def convert(self, text: str) -> str:
        # Groups are set off by spaces, apostrophes, and whichever of comma and point is no decimal mark.
        plain = re.sub(r"[\s'’]", "", text)
        plain = plain.replace(".", "").replace(",", ".") if self.comma else _without_groups(plain)
        if not self._plain.fullmatch(plain) or not plain.isascii():
            raise Refused(f"{shown(text)} is not a number" + self._other_mark(text))
        number = Decimal(plain)
        if number < self.least:
            raise Refused(f"{text} is below {self.least}" + self.hint)
        if number > self.most:
            raise Refused(f"{shown(text)} is above {self.most}")
        try:
            exact = number.quantize(self.step)
        except InvalidOperation:
            raise Refused(f"{shown(text)} has too many digits") from None
        if exact != number:
            raise Refused(f"{shown(text)} has more than {self.places} decimal places")
        return str(exact)

    def _other_mark(self, text: str) -> str:
        return (
            "" if self.comma or "," not in text else '; for a decimal comma say "decimal": "," in the mapping'
        )


def _without_groups(text: str) -> str:
    """1,234.50 → 1234.50; 12,5 stays as it is (and is refused), since it may be a decimal comma."""
    if "," not in text:
        return text
    return text.replace(",", "") if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", text) else text


class Whole(Decimals):
    sql_type = "integer"

    def __init__(self, **options: Any) -> None:
        super().__init__(places=0, most=Decimal(2_147_483_647), **options)

    def convert(self, text: str) -> str:
        return str(int(Decimal(super().convert(text))))
