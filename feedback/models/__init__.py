from .invitation import Invitation
from .response import Response, Score, Verbatim
from .survey import Survey, SurveyLink, SurveyVersion

__all__ = ["Invitation", "Response", "Score", "Survey", "SurveyLink", "SurveyVersion", "Verbatim"]
