from django.apps import AppConfig


class ModerationOutsideConfig(AppConfig):
    name = "kithwell.moderation.outside"
    label = "moderation_outside"
    default_auto_field = "django.db.models.BigAutoField"
