from django.apps import AppConfig


class CommunityEventsConfig(AppConfig):
    name = "kithwell.community.events"
    label = "community_events"
    default_auto_field = "django.db.models.BigAutoField"
