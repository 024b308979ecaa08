from django.apps import AppConfig


class ModerationFilesConfig(AppConfig):
    name = "kithwell.moderation.files"
    label = "moderation_files"
    default_auto_field = "django.db.models.BigAutoField"
