"""Screening of text: does this person need help, and is this unsafe for others. Two questions, two answers.

The doors are `screen` and the small frozen types it returns. Nothing here needs Django, a network or a database.
"""

from kithwell.safety.screening import screen, version, warm
from kithwell.safety.signals import Screening, Signal, Span

__all__ = ["Screening", "Signal", "Span", "screen", "version", "warm"]
