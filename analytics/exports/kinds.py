"""Tables of operational and constituency results."""

from .cells import Cell, Json, Sheet, ends, reading

_SD = ("link_sd", "placebo_sd", "difference_sd")


def operational(result: Json) -> list[Sheet]:
    found = []
    curve, contrast = result.get("curve"), result.get("contrast")
    if contrast:
        headers = ("Side", "n", "Observed", "Low", "High", "Adjusted", "Adjusted, low", "Adjusted, high")
        sides: list[list[Cell]] = [
            [side["words"], side["n"], *ends(side["observed"]), *ends(side["adjusted"])]
            for side in (contrast["above"], contrast["below"])
        ]
        found += [Sheet("sides", "Sides", headers, sides), _difference(contrast, "above less below")]
    if curve:
        bins: list[list[Cell]] = [
            [one["words"], one["low"], one["high"], one["n"], *ends(one["observed"])] for one in curve["bins"]
        ]
        points: list[list[Cell]] = [[one["x"], *ends(one)] for one in curve["points"]]
        found.append(Sheet("bins", "Bins", ("Bin", "Over", "Up to", "n", "Observed", "Low", "High"), bins))
        found.append(Sheet("curve", "Curve", ("Measure", "Adjusted", "Low", "High"), points))
    return found


def constituency(result: Json) -> list[Sheet]:
    found = []
    if result.get("slope"):
        found.append(_difference(result["slope"], "one point more of the employees’ score"))
    units: list[list[Cell]] = [
        [
            *(one[name] for name in ("unit", "name", "region", "periods", "employees", "customers")),
            one["predictor"],
            *ends(one["predictor_interval"])[1:],
            one["outcome"],
            *ends(one["outcome_interval"])[1:],
        ]
        for one in result.get("units", [])
    ]
    headers = ("Unit", "Name", "Region", "Periods", "Employees’ answers", "Customers’ answers")
    scores = (
        "Employees",
        "Employees, low",
        "Employees, high",
        "Customers",
        "Customers, low",
        "Customers, high",
    )
    return [*found, Sheet("units", "Units", headers + scores, units)]


def _difference(found: Json, name: str) -> Sheet:
    headers = ["Difference", "After", "After, low", "After, high", "p", "q", "Reading"]
    headers += ["Before", "Before, low", "Before, high", "Before, p"]
    for title in ("After in SD", "Before in SD", "After less before in SD"):
        headers += [title, f"{title}, low", f"{title}, high"]
    row: list[Cell] = [
        name,
        *ends(found["after"]),
        found["p"],
        found["q"],
        reading(found["reading"]),
        *ends(found["before"]),
        found["before_p"],
        *(end for key in _SD for end in ends(found[key])),
    ]
    return Sheet("differences", "Differences", tuple(headers), [row])
