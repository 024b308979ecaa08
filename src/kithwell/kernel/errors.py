"""Errors that print themselves for people: what happened, that nothing was lost, what to do next."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise

Text = str | Promise


class KithwellError(Exception):
    """Something a person can be told. `code` is for programs, `message` for people (may be a lazy translation)."""

    status = 400
    code = "bad-request"

    def __init__(self, message: Text = "", *, code: str = "", status: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.status = status or self.status

    def as_dict(self) -> dict[str, object]:
        """For an API: code and message."""
        return {"code": self.code, "message": str(self.message)}


class NotFound(KithwellError):
    """It is not there, or not for this person: the two are never told apart."""

    status, code = 404, "not-found"


class Refused(KithwellError):
    """This person may not do this."""

    status, code = 403, "refused"


class Conflict(KithwellError):
    """Somebody else was first; what was written is kept and can be tried again."""

    status, code = 409, "conflict"


class Invalid(KithwellError):
    """What was sent cannot be used as it is; `fields` says per field what to change."""

    status, code = 422, "invalid"

    def __init__(self, fields: Mapping[str, Text] | Text = "", message: Text = "", *, code: str = "") -> None:
        self.fields: dict[str, Text] = (
            dict(fields) if isinstance(fields, Mapping) else {"": fields} if fields else {}
        )
        super().__init__(message or next(iter(self.fields.values()), ""), code=code)

    def as_dict(self) -> dict[str, object]:
        return super().as_dict() | {"fields": {k: str(v) for k, v in self.fields.items()}}


class TooMany(KithwellError):
    """Too often in a short time; `after` is how many seconds to wait. Never used on a person's messages."""

    status, code = 429, "too-many"

    def __init__(self, message: Text = "", *, after: int = 60, code: str = "") -> None:
        super().__init__(message, code=code)
        self.after = after


class Unavailable(KithwellError):
    """A part is out of order for now."""

    status, code = 503, "unavailable"
