"""Why a value is what it is, and where two engines differ."""

from onefold.debugging.comparing import compared
from onefold.debugging.difference import Difference, DifferentValue, FeatureDifference
from onefold.debugging.finding import Question, spine_row
from onefold.debugging.provenance import Provenance

__all__ = ["Difference", "DifferentValue", "FeatureDifference", "Provenance", "Question", "compared", "spine_row"]
