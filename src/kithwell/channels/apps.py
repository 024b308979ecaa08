from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "kithwell.channels"
    label = "channels"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kithwell.channels.whatsapp import tasks  # noqa: F401  (its jobs register themselves)
        from kithwell.channels.whatsapp.adapter import WhatsAppAdapter
        from kithwell.support import ports

        ports.register(WhatsAppAdapter())
