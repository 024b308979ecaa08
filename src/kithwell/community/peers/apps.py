from django.apps import AppConfig


class PeersConfig(AppConfig):
    name = "kithwell.community.peers"
    label = "community_peers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kithwell.community.peers import aside, export, kind, listeners, tasks  # noqa: F401  (they register themselves)

        export.register()
        kind.register()
