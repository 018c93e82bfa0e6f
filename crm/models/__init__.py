from .case import Case
from .customer import Company, Customer
from .imports import ImportRun
from .interaction import Interaction
from .people import Employee, Team, TeamScope
from .touchpoint import Touchpoint
from .transaction import Transaction

__all__ = [
    "Case",
    "Company",
    "Customer",
    "Employee",
    "ImportRun",
    "Interaction",
    "Team",
    "TeamScope",
    "Touchpoint",
    "Transaction",
]
