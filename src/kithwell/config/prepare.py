"""What has to be there before people come: tables, and in a demonstration its invented people."""

from __future__ import annotations

import sys
from collections.abc import Callable

from kithwell.config import parts
from kithwell.kernel import logs

Say = Callable[[str], object]
SignIn = tuple[str, str, str]  # (who it is, name, password)


def migrate(say: Say) -> int:
    """Bring the database up to date. Returns how many changes were made. On PostgreSQL one process at a time does."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_lock(4750211)")
        try:
            executor = MigrationExecutor(connection)
            plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
            if plan:
                say(f"Changing the database ({len(plan)} steps) ...")
                call_command("migrate", verbosity=0, interactive=False)
        finally:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT pg_advisory_unlock(4750211)")
    return len(plan)


def demo_data() -> None:
    """Load each part's demonstration, lower layers first; doing it again changes nothing."""
    for module in parts.modules("demo"):
        try:
            module.load()
        except Exception as error:  # a demonstration that lacks a piece is better than none
            words = f"{module.__name__} could not load its demonstration: {logs.describe(error)}: {error}"
            print(words, file=sys.stderr)


def sign_ins() -> list[SignIn]:
    """The demonstration's accounts, as the parts' `demo.sign_ins()` tell them: its first three words each."""
    told = [line for module in parts.modules("demo") for line in getattr(module, "sign_ins", list)()]
    return [(str(who), str(name), str(password)) for who, name, password, *_start in told]


def everything(*, demo: bool, say: Say) -> None:
    """All of it, in order."""
    migrate(say)
    from kithwell.directory import static

    if not any(static.folder().glob("*/*.html")):
        # Before anybody can come: from the first request on, help stands on disk should all else fail.
        static.write_all()
    if demo:
        say("Loading the demonstration ...")
        demo_data()


def table(lines: list[SignIn]) -> str:
    """Sign-ins in columns."""
    if not lines:
        return ""
    rows = [("Who", "Name", "Password"), *lines]
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    return "\n".join(
        "  " + "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows
    )
