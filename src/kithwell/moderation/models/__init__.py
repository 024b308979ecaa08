"""Tables of the desk. Private to this part."""

from kithwell.moderation.models.care import Exposure, Reading, StaffedHours, Watch
from kithwell.moderation.models.cases import Case, Concern, Note, Report, Signal
from kithwell.moderation.models.decisions import AUTOMATIC, Appeal, Decision, Sample, Strike, Unsealing

__all__ = [
    "AUTOMATIC", "Appeal", "Case", "Concern", "Decision", "Exposure", "Note", "Reading", "Report", "Sample", "Signal",
    "StaffedHours", "Strike", "Unsealing", "Watch",
]  # fmt: skip
