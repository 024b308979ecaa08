from django.apps import AppConfig


class CommunityGroupsConfig(AppConfig):
    name = "kithwell.community.groups"
    label = "community_groups"
    default_auto_field = "django.db.models.BigAutoField"
