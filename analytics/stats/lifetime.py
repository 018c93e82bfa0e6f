"""Customers without a contract: how many purchases are still to come, and what one is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ._bg_nbd import BgNbd, fit_bg_nbd
from ._gamma_gamma import GammaGamma, fit_gamma_gamma
from ._input import check_choice, check_same_length, labels, missing, numbers

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BgNbd", "GammaGamma", "fit_bg_nbd", "fit_gamma_gamma", "summarize"]

DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12.0, "year": 365.25}


def summarize(
    customer: Any,
    time: Any,
    value: Any,
    *,
    observation_end: Any,
    unit: Literal["day", "week", "month", "year"] = "week",
) -> pd.DataFrame:
    """Purchases (one a row) to what BG/NBD and Gamma–Gamma need, indexed by customer.

    Purchases of a customer on one day are merged; those after the day of ``observation_end`` are ignored.
    ``frequency``: purchase days less 1; ``recency``: first to last purchase; ``age``: first purchase to the
    end; both in ``unit``; ``monetary``: mean value of a repeat day, 0 without one. As in Fader & Hardie's
    notes on the CDNOW data (2013). Times are days as they stand: convert time zones before.
    ``.attrs["dropped"]``: rows with a missing value; ``.attrs["later"]``: rows after the end.
    Raises ValueError on different lengths, an unknown unit, times that are no dates, and with no row left.
    """
    import pandas as pd

    check_choice(unit, "unit", tuple(DAYS))
    codes, levels = labels(customer, "customer")
    amounts = numbers(value, "value")
    days, end = _days(time, "time"), _days([observation_end], "observation_end")[0]
    rows = check_same_length(customer=codes, time=days, value=amounts)
    if missing(np.array([end]))[0]:
        raise ValueError("observation_end: is missing")
    complete = (codes >= 0) & ~np.isnan(amounts) & ~missing(days)
    kept = complete & (days <= end)
    if not kept.any():
        raise ValueError("customer, time, value: no complete purchase up to observation_end")
    table = pd.DataFrame({"customer": codes[kept], "day": days[kept], "value": amounts[kept]})
    daily = table.groupby(["customer", "day"], as_index=False)["value"].sum()
    grouped = daily.groupby("customer")
    first, last, count = grouped["day"].min(), grouped["day"].max(), grouped.size()
    repeat = daily["day"].to_numpy() != first.loc[daily["customer"]].to_numpy()
    monetary = daily[repeat].groupby("customer")["value"].mean().reindex(first.index, fill_value=0.0)
    one_day = np.timedelta64(1, "D")
    result = pd.DataFrame(
        {
            "frequency": (count - 1).to_numpy(dtype=np.int64),
            "recency": ((last - first) / one_day).to_numpy() / DAYS[unit],
            "age": ((np.datetime64(end) - first) / one_day).to_numpy() / DAYS[unit],
            "monetary": monetary.to_numpy(),
        },
        index=pd.Index([levels[code] for code in first.index], name="customer"),
    )
    result.attrs["dropped"] = int(rows - complete.sum())
    result.attrs["later"] = int(complete.sum() - kept.sum())
    return result


def _days(values: Any, name: str) -> Any:
    """Midnight of each moment's day, in the clock it is given in."""
    import pandas as pd

    column = pd.Series(values).reset_index(drop=True)
    if pd.api.types.is_numeric_dtype(column.dtype):
        raise ValueError(f"{name}: must be dates; got numbers")
    try:
        moments = pd.to_datetime(column)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: must be dates of one kind ({error})") from None
    if isinstance(moments.dtype, pd.DatetimeTZDtype):
        moments = moments.dt.tz_localize(None)
    return moments.dt.normalize().to_numpy()
