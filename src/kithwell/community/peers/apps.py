from django.apps import AppConfig


class CommunityPeersConfig(AppConfig):
    name = "kithwell.community.peers"
    label = "community_peers"
    default_auto_field = "django.db.models.BigAutoField"
