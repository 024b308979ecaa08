"""People: accounts behind a pseudonym, what they may do, how they sign in, what they agreed to, how they
leave.

What could tell who somebody is (e-mail, names of keys, archives) is sealed under the person's own key, so
that destroying the key (`kernel.crypto.erase_subject`) destroys it in old back-ups too. Secrets that only
need to be recognised again (session keys, recovery codes, links) are kept as digests.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q

from kithwell.kernel import clock, ids
from kithwell.people import rules


class AgeBand(models.TextChoices):
    """Coarse on purpose: enough to keep adults and minors apart, too little to point at somebody."""

    UNSAID = "", "not said"
    UNDER_16 = "under-16", "under 16"
    TEEN = "16-17", "16 or 17"
    YOUNG = "18-25", "18 to 25"
    ADULT = "26-64", "26 to 64"
    OLDER = "65-plus", "65 or older"


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(pseudonym_key=rules.name_key(username or ""))


class Account(AbstractBaseUser):
    """One person's account. `pseudonym` is shown, `pseudonym_key` decides whether two names are the same."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    pseudonym = models.CharField(max_length=rules.NAME_MAX)
    pseudonym_key = models.CharField(max_length=4 * rules.NAME_MAX, unique=True)
    subject = models.UUIDField(unique=True, editable=False)
    email_sealed = models.BinaryField(null=True)
    email_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    email_confirmed_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=12, default="en")
    country = models.CharField(max_length=2, blank=True, default="")
    theme = models.CharField(max_length=8, blank=True, default="")
    age_band = models.CharField(max_length=12, blank=True, default="", choices=AgeBand.choices)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    seen_on = models.DateField(null=True)  # a day, no more: when somebody could not sleep is not ours to know
    suspended_until = models.DateTimeField(null=True)
    leaving_at = models.DateTimeField(null=True)  # erasure asked for; the day it happens
    erased_at = models.DateTimeField(null=True)

    last_login = None
    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "pseudonym_key"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["pseudonym"]

    class Meta:
        db_table = "people_account"

    def __str__(self) -> str:
        return str(self.pk)  # logs and tracebacks carry ids, never names

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        paused = self.suspended_until is not None and self.suspended_until > clock.now()
        return self.erased_at is None and not paused


class RoleGrant(models.Model):
    """A role given to somebody, by whom, until when. Rows are closed, never deleted, so the past can be
    read.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=16)
    granted_by = models.UUIDField(null=True)  # None: the command line, or the system
    at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)  # empty while a second steward has still to agree
    confirmed_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)

    class Meta:
        db_table = "people_rolegrant"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role"], condition=Q(closed_at__isnull=True), name="people_one_open_grant"
            )
        ]
        indexes = [
            models.Index(fields=["role"], condition=Q(closed_at__isnull=True), name="people_open_grants")
        ]


class Passkey(models.Model):
    """A WebAuthn credential. `name` is the person's own word for it, sealed."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="passkeys")
    credential_key = models.CharField(max_length=64, unique=True)  # SHA-256 of the credential id, hex
    credential = models.BinaryField()  # AttestedCredentialData as the authenticator gave it
    sign_count = models.BigIntegerField(default=0)
    name_sealed = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)
    used_on = models.DateField(null=True)

    class Meta:
        db_table = "people_passkey"


class RecoveryCode(models.Model):
    """One of the codes shown once; good for one sign-in. Kept as a digest."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_recoverycode"
        constraints = [models.UniqueConstraint(fields=["account", "digest"], name="people_code_once")]


class Link(models.Model):
    """A link that works once: a first sign-in for a steward, a way back by e-mail, the confirming of an
    address.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=16)  # "first" (made by the operator) | "sign-in" (mailed) | "email"
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_link"


class Session(AbstractBaseSession):
    """A signed-in device, or a passkey flow under way (then without an account).

    The primary key is a digest: whoever reads the table cannot ride anybody's session.
    """

    public_id = models.UUIDField(unique=True, default=ids.new_id)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="sessions")
    device = models.CharField(max_length=48, blank=True, default="")
    began_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)  # to the quarter of an hour
    proved_at = models.DateTimeField(null=True)  # when the person last showed a passkey or a password

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        db_table = "people_session"

    @classmethod
    def get_session_store_class(cls) -> Any:
        from kithwell.people.sessions import SessionStore

        return SessionStore


class Consent(models.Model):
    """The ledger: one row for each yes and each no. Rows are added, never changed; the last one counts."""

    seq = models.BigAutoField(primary_key=True)  # the order of yes and no must never be in doubt
    subject = models.UUIDField()
    item = models.CharField(max_length=64)
    given = models.BooleanField()
    text_version = models.CharField(max_length=32)
    at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=32, unique=True)

    class Meta:
        db_table = "people_consent"
        indexes = [models.Index(fields=["subject", "item", "-seq"], name="people_consent_last")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("the consent ledger is only ever added to")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("the consent ledger is only ever added to")


class Export(models.Model):
    """An archive of everything about oneself, being made or ready to be taken once."""

    class State(models.TextChoices):
        MAKING = "making"
        READY = "ready"
        TAKEN = "taken"
        GONE = "gone"  # expired, or stopped by the person
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="exports")
    state = models.CharField(max_length=8, choices=State.choices, default=State.MAKING)
    asked_at = models.DateTimeField(default=clock.now)
    done = models.PositiveSmallIntegerField(default=0)  # parts finished
    total = models.PositiveSmallIntegerField(default=0)
    size = models.BigIntegerField(default=0)  # bytes
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_export"


class ExportChunk(models.Model):
    """A piece of an archive, sealed; at most 1 MiB each, so that no archive is ever held in memory whole."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="chunks")
    n = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "people_exportchunk"
        constraints = [models.UniqueConstraint(fields=["export", "n"], name="people_chunk_once")]


class Erasure(models.Model):
    """A wish to be erased: when it happens, what was chosen, and, once done, how much went. No name, no
    content.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        WITHDRAWN = "withdrawn"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="erasures")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    writing = models.CharField(max_length=10)  # "delete" | "anonymise"
    asked_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    receipt_digest = models.CharField(max_length=64, unique=True)
    counts = models.JSONField(default=dict)  # {"part": rows}

    class Meta:
        db_table = "people_erasure"
        indexes = [models.Index(fields=["due_at"], condition=Q(state="waiting"), name="people_erasure_due")]
