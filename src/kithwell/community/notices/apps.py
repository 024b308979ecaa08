from django.apps import AppConfig


class CommunityNoticesConfig(AppConfig):
    name = "kithwell.community.notices"
    label = "community_notices"
    default_auto_field = "django.db.models.BigAutoField"
