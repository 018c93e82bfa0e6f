"""What a company is made of besides its customers: products, places, teams, and what its data are called."""

from dataclasses import dataclass, field

import numpy as np

from .truth import Truth

#: key, name, stage of the journey
TOUCHPOINTS = (
    ("website", "Website", "Discover"),
    ("app", "App", "Discover"),
    ("store-visit", "Store visit", "Choose"),
    ("advice", "Advice in the store", "Choose"),
    ("checkout", "Checkout", "Buy"),
    ("order-tracking", "Order tracking", "Receive"),
    ("delivery", "Delivery", "Receive"),
    ("assembly", "Assembly help", "Use"),
    ("account", "My account", "Use"),
    ("support-call", "Support by phone", "Get help"),
    ("support-chat", "Support by chat", "Get help"),
    ("support-mail", "Support by email", "Get help"),
    ("callback", "Callback", "Get help"),
    ("returns", "Returns", "Return"),
)
PLACE = {key: number for number, (key, _, _) in enumerate(TOUCHPOINTS)}

#: Region → its teams, by name and where they serve: contact centre or store desk.
REGIONS = {
    "Iberia": (
        ("Lisbon phone", "Alfama"),
        ("Lisbon chat", "Belém"),
        ("Porto phone", "Ribeira"),
        ("Lisbon store desk", "Chiado"),
        ("Madrid store desk", "Retiro"),
    ),
    "Central Europe": (
        ("Berlin phone", "Spree"),
        ("Berlin chat", "Havel"),
        ("Leipzig mail", "Pleisse"),
        ("Berlin store desk", "Mitte"),
        ("Hamburg store desk", "Elbe"),
    ),
    "North and West": (
        ("Utrecht phone", "Dom"),
        ("Utrecht chat", "Vecht"),
        ("Leeds phone", "Aire"),
        ("Utrecht store desk", "Neude"),
        ("Lyon store desk", "Rhône"),
    ),
}
TEAMS = tuple((region, name) for region, teams in REGIONS.items() for name, _ in teams)
#: Enough that five answer the pulse in most quarters: of fewer nothing is shown.
EMPLOYEES_A_TEAM = 8

_FURNITURE = (
    ("Pim coat hook", 9), ("Saga candle", 12), ("Rill tea towel", 14), ("Moss cushion", 19),
    ("Fjord mug set", 22),
    ("Alva picture frame", 24), ("Kite doormat", 26), ("Nord throw", 34), ("Lina bath towel set", 36),
    ("Brisk kitchen scale", 39), ("Tove storage basket", 42), ("Elm serving board", 45),
    ("Halo table lamp", 49),
    ("Runa bed linen", 59), ("Sten vase", 62), ("Vik floor lamp", 89), ("Bris curtains", 95),
    ("Odda stool", 99),
    ("Mira wall mirror", 119), ("Ebba rug", 149), ("Torp shelf", 159), ("Karo side table", 169),
    ("Lind dining chair", 189), ("Aska desk", 229), ("Berg armchair", 279), ("Hult bookcase", 299),
    ("Sund mattress", 349), ("Falk dining table", 399), ("Lund two-seat sofa", 549), ("Skog wardrobe", 629),
)  # fmt: skip
_ENERGY = (
    ("Smart plug", 12), ("LED pack", 15), ("Draught kit", 18), ("Radiator valve", 34), ("Energy monitor",
    49),
    ("Smart thermostat", 119), ("Boiler check", 95), ("Meter move", 180), ("Home charger", 549),
    ("Solar check", 149), ("Battery service", 220), ("Heat-pump service", 259),
)  # fmt: skip


@dataclass(frozen=True)
class Company:
    """One seeded organization."""

    slug: str
    name: str
    products: tuple[tuple[str, int], ...] = field(repr=False)
    time_zone: str = "Europe/Lisbon"
    currency: str = "EUR"

    @property
    def prices(self) -> np.ndarray:
        """In euros, cheapest first."""
        return np.sort(np.array([price for _, price in self.products], dtype=float)) - 0.01

    @property
    def product_names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in sorted(self.products, key=lambda one: one[1]))


HALDEN = Company("halden", "Halden Home", _FURNITURE)
BRIGHTWATER = Company("brightwater", "Brightwater Energy", _ENERGY, time_zone="Europe/London")


def company(slug: str) -> Company:
    """The known one of this slug, else one like Halden Home under its own name."""
    known = {one.slug: one for one in (HALDEN, BRIGHTWATER)}
    return known.get(slug) or Company(slug, slug.replace("-", " ").title(), _FURNITURE)


@dataclass(frozen=True)
class Staff:
    """Teams and employees as the generator sees them, the same for all blocks."""

    engagement: np.ndarray  # team × quarter, standard deviations around the mean of teams
    agent: np.ndarray  # employee's own effect on CSAT, in points
    team_of: np.ndarray  # employee → team


def make_staff(truth: Truth, rng: np.random.Generator, quarters: int) -> Staff:
    teams = len(TEAMS)
    stable = rng.standard_normal(teams)
    wobble = truth.engagement_wobble * rng.standard_normal((teams, quarters))
    employees = teams * EMPLOYEES_A_TEAM
    return Staff(
        engagement=stable[:, None] + wobble,
        agent=truth.agent_sd * rng.standard_normal(employees),
        team_of=np.arange(employees) // EMPLOYEES_A_TEAM,
    )
