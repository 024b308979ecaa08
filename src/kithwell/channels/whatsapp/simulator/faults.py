"""How the simulated provider misbehaves, written down as data so that a run can be repeated. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class FailSend:
    """The next `times` sends are answered with `code`."""

    code: int
    times: int = 1
    http: int = 400


@dataclass(slots=True)
class Faults:
    """Chances are 0 to 1, times in seconds. All zero: a provider that behaves.

    duplicate: a post comes twice, at the same moment. shuffle: each post waits a random time up to this. delay: each
    post waits this long. batch: up to this many parts share one post. lose_status: a status is never told. forge: a
    copy with a wrong signature comes as well. reorder_statuses: read may come before delivered. fail_sends: see
    FailSend. fail_media: the next N fetches of files are answered 503. outage: nothing goes in or out.
    """

    seed: int = 0
    duplicate: float = 0.0
    shuffle: float = 0.0
    delay: float = 0.0
    batch: int = 1
    lose_status: float = 0.0
    forge: float = 0.0
    reorder_statuses: bool = False
    fail_sends: list[FailSend] = field(default_factory=list)
    fail_media: int = 0
    outage: bool = False

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    def next_failure(self) -> FailSend | None:
        """Use up one planned failure of a send."""
        while self.fail_sends:
            first = self.fail_sends[0]
            if first.times > 0:
                first.times -= 1
                return first
            self.fail_sends.pop(0)
        return None


def from_dict(table: dict[str, Any]) -> Faults:
    """Raises ValueError, naming what is unknown."""
    known = {item.name for item in fields(Faults)}
    if unknown := sorted(set(table) - known):
        raise ValueError("unknown faults: " + ", ".join(unknown))
    sends = [FailSend(**entry) for entry in table.get("fail_sends", [])]
    return Faults(**{**table, "fail_sends": sends})


def load(path: Path) -> Faults:
    """A fault script (JSON). Raises OSError, ValueError."""
    return from_dict(json.loads(path.read_text(encoding="utf-8")))
