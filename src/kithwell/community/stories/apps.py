from django.apps import AppConfig


class CommunityStoriesConfig(AppConfig):
    name = "kithwell.community.stories"
    label = "community_stories"
    default_auto_field = "django.db.models.BigAutoField"
