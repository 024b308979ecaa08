"""Screening of text: does this person need help, and is this unsafe for others. Two questions, two answers.

The doors are `screen` (first stage), `full` (both stages) and the small frozen types they return.
Nothing here needs Django, a network or a database.
"""

from kithwell.safety.screening import screen, version, warm
from kithwell.safety.signals import Screening, Signal, Span
from kithwell.safety.stages import full, has_second, may_look_again

__all__ = ["Screening", "Signal", "Span", "full", "has_second", "may_look_again", "screen", "version", "warm"]
