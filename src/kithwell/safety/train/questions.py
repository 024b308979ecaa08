"""What the scorer is asked: the heads (a question each for the linear weights) and the labels of the blends.

A text a question is silent about (None) is not used for it.
"""

from __future__ import annotations

from kithwell.safety.train.fit import Head, Text

CRISIS_HEADS = ("crisis", "ideation", "posts", "wish", "person", "distress")
DISTRESS_HEADS = ("distress", "person", "ideation")
CONDUCT_HEADS = ("hate", "slurs", "offensive")
_TELLING = 0.03
_PEOPLE = ("posts", "own", "users")


def _severe(text: Text, least: int) -> int | None:
    """Against the other posts, everyday comments, and posts of mental-health forums by users not at risk: so that
    the weights go to wishes, plans, means and burden rather than to sadness."""
    if text.source in ("posts", "own"):
        return int(text.row.label >= least)
    if text.source == "users":
        return 0 if text.row.label <= 1 and text.level <= 1 else None
    return 0 if text.source == "everyday" else None


def _ideation(text: Text) -> int | None:
    if text.source == "users" and text.row.label >= 2 and text.level >= 3:
        return 1
    return _severe(text, 2)


def _among_posts(text: Text, least: int) -> int | None:
    return int(text.row.label >= least) if text.source in ("posts", "own") else None


def _person(text: Text) -> int | None:
    if text.source == "posts" or (text.source == "users" and text.row.label >= 2):
        return 1
    return 0 if text.source == "everyday" else None


def _distress(text: Text) -> int | None:
    if text.source == "posts" or (text.source == "users" and text.row.label >= 1):
        return 1
    if text.source in ("everyday", "joined", "own stress"):
        return None if text.row.label == 1 else int(text.row.label == 2)
    return 0 if text.source == "users" else None


def _hate(text: Text) -> int | None:
    if text.source == "tweets":
        return int(text.row.label == 0)
    if text.source == "hatecheck":
        return text.row.label
    if text.source == "own conduct":
        return int(text.row.label == 2)
    return 0 if text.source == "everyday" else None


def _rude(text: Text) -> int | None:
    if text.source == "everyday":
        return None if "rule offensive" in text.conduct else 0
    return int(text.row.label < 2) if text.source == "tweets" else None


def _crisis_weight(text: Text) -> float:
    return {"everyday": 0.1, "users": 0.1, "own": 0.3}.get(text.source, 1.0)


def _distress_weight(text: Text) -> float:
    if text.source == "users":
        return 0.3 if text.row.label else 0.5
    return {"posts": 0.6, "joined": 2.0}.get(text.source, 1.0)


def _conduct_weight(text: Text) -> float:
    if text.source == "tweets":
        return 3.0 if text.row.label == 0 else 1.0
    return {"hatecheck": 2.0, "own conduct": 1.0, "everyday": 0.3}.get(text.source, 1.0)


def _rude_weight(text: Text) -> float:
    return 0.3 if text.source == "everyday" else (3.0 if text.row.label == 2 else 1.0)


def heads() -> list[Head]:
    """In the order of the weights file."""
    return [
        Head("crisis", lambda text: _severe(text, 3), _crisis_weight, 1.0),
        Head("ideation", _ideation, _crisis_weight, 1.0),
        Head("posts", lambda text: _among_posts(text, 3), lambda text: 0.3 if text.source == "own" else 1.0, 1.0),
        Head("wish", lambda text: _among_posts(text, 1), lambda text: 0.3 if text.source == "own" else 1.0, 1.0),
        Head("person", _person, lambda text: 0.3 if text.source == "users" else 1.0, 0.5),
        Head("distress", _distress, _distress_weight, 0.3),
        Head("hate", _hate, _conduct_weight, 3.0, rare=False, telling=_TELLING),
        Head("slurs", lambda text: int(text.row.label == 0) if text.source == "tweets" else None,
             lambda text: 4.0 if text.row.label == 0 else 1.0, 2.0, rare=False, telling=_TELLING),
        Head("offensive", _rude, _rude_weight, 3.0, rare=False, telling=_TELLING),
    ]  # fmt: skip


def severe(least: int) -> object:
    """The label of a crisis blend: posts of at least this severity against all others and everyday comments."""

    def label(text: Text) -> int | None:
        if text.source == "posts":
            return int(text.row.label >= least)
        return 0 if text.source == "everyday" else None

    return label


def severity(text: Text) -> int | None:
    """0 to 6; an everyday comment counts as 0."""
    if text.source == "posts":
        return text.row.label
    return 0 if text.source == "everyday" else None


def sad(text: Text) -> int | None:
    if text.source == "posts":
        return 1
    return _distress(text) if text.source in ("everyday", "joined", "own stress") else None


hateful, rude = _hate, _rude


def people_even(text: Text) -> float:
    """For calibration and severity: everyday comments are many and easy; all weigh like some dozens of posts."""
    return 1.0 if text.source == "posts" else 0.002


def third(text: Text) -> float:
    return 1.0 if text.source == "posts" else 0.1


def distress_weight(text: Text) -> float:
    return {"joined": 2.0, "everyday": 0.3}.get(text.source, 1.0)


def hate_weight(text: Text) -> float:
    if text.source == "tweets":
        return 3.0 if text.row.label == 0 else 1.0
    return 3.0 if text.source == "hatecheck" else 0.3


def fifth(text: Text) -> float:
    return 0.2 if text.source in ("everyday", "own conduct") else 1.0


def one(text: Text) -> float:
    return 1.0
