"""What this part offers to others, made known at the start."""

from __future__ import annotations

from django.utils.translation import gettext_lazy


def register() -> None:
    """Called once when the app is ready."""
    from kithwell.community.groups import health, sidebar
    from kithwell.community.posts import export, kinds, live, tasks, unanswered, veils
    from kithwell.community.posts.actions import prompts
    from kithwell.community.posts.pages import team
    from kithwell.kernel import events
    from kithwell.people import calls, reserved

    assert live and tasks  # topics and jobs register themselves
    kinds.register()
    export.register()
    health.register(unanswered.figures)
    calls.register(team.call)
    reserved.register(veils.names_in_use)
    sidebar.add_setting("unanswered", gettext_lazy("When nobody answers"))
    events.subscribe("community.prompt.due", durable=True)(prompts.prompt_due)
