from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class KernelConfig(AppConfig):
    name = "kithwell.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_make_installation_keys, sender=self)


def _make_installation_keys(**_: Any) -> None:
    """The blind-index key exists from the start: made later, inside a change that fails, it could be lost again."""
    from kithwell.kernel import conf, crypto

    if conf.get("master_keys", []):
        crypto.blind_index("", "")
