from django.apps import AppConfig


class CommunityPostsConfig(AppConfig):
    name = "kithwell.community.posts"
    label = "community_posts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kithwell.community.posts import setup

        setup.register()
