"""What a study of each kind asks for, as a form."""

from .base import KINDS, StudyForm
from .constituency import ConstituencyForm
from .financial import FinancialForm
from .operational import OperationalForm

__all__ = ["FORMS", "KINDS", "StudyForm"]

FORMS: dict[str, type[StudyForm]] = {
    "financial": FinancialForm,
    "operational": OperationalForm,
    "constituency": ConstituencyForm,
}
