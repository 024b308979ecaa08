"""`kithwell`: the command of whoever runs an installation. Heavy imports stay inside the commands that need them."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from typing import Any

from kithwell import __version__
from kithwell.config import parts


def setup_django() -> None:
    """Settings and apps. Raises options.OptionsError."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kithwell.config.settings")
    import django

    django.setup()
    from kithwell.kernel import logs

    logs.guard_process()


def _run(args: argparse.Namespace) -> int:
    from kithwell.config import serve

    return serve.run(demo=args.demo, host=args.host, port=args.port)


def _web(args: argparse.Namespace) -> int:
    from kithwell.config import serve

    return serve.web()


def _worker(args: argparse.Namespace) -> int:
    from kithwell.config import serve

    return serve.worker([q.strip() for q in args.queue.split(",") if q.strip()])


def _init(args: argparse.Namespace) -> int:
    setup_django()
    from kithwell.config import prepare

    prepare.everything(demo=False, say=print)
    print("Ready. Next: `kithwell steward create`, then `kithwell run`.")
    return 0


def _demo(args: argparse.Namespace) -> int:
    os.environ["KITHWELL_DEMO"] = "1"
    setup_django()
    from kithwell.config import prepare

    prepare.everything(demo=True, say=print)
    print(prepare.table(prepare.sign_ins()))
    return 0


def _check(args: argparse.Namespace) -> int:
    setup_django()
    from kithwell.config import checks

    found = checks.run(checks.ALL)
    for check in found:
        print(f"{'ok  ' if check.ok else 'FAIL'}  {check.name:<14} {check.note}")
    return 0 if all(check.ok for check in found) else 1


def _settings(args: argparse.Namespace) -> int:
    import dataclasses

    from kithwell.config import options

    values = options.load(make=False)
    for item in dataclasses.fields(values):
        meta: options.Meta = item.metadata["meta"]
        value = getattr(values, item.name)
        shown = ("(set)" if value else "(not set)") if meta.secret else value
        print(f"{item.name:<32} {shown!s:<40} {meta.doc}")
    return 0


def _rotate(args: argparse.Namespace) -> int:
    setup_django()
    from kithwell.kernel import crypto

    print(f"{crypto.rotate_master()} key(s) wrapped anew with the current master key.")
    return 0


def _manage(args: argparse.Namespace) -> int:
    setup_django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["kithwell manage", *args.rest])
    return 0


def build() -> argparse.ArgumentParser:
    """The whole command line: our own commands and those of the parts."""
    parser = argparse.ArgumentParser(prog="kithwell", description=__doc__)
    parser.add_argument("--version", action="version", version=f"kithwell {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Any, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text)
        command.set_defaults(run=run)
        return command

    run = add("run", _run, "start everything: web, workers, database changes")
    run.add_argument("--demo", action="store_true", help="with invented people and conversations")
    run.add_argument("--host", help="address to listen on")
    run.add_argument("--port", type=int, help="port to listen on")
    add("init", _init, "make keys and database")
    add("check", _check, "look at configuration, database, queues, keys, clock, disk")
    add("settings", _settings, "show all settings; secrets are not printed")
    add("demo", _demo, "load the demonstration data")
    keys = add("keys", None, "master keys").add_subparsers(required=True, metavar="ACTION")
    keys.add_parser("rotate", help="wrap people's keys with the current master key").set_defaults(run=_rotate)
    worker = add("worker", _worker, "work on some queues, where processes are started one by one")
    worker.add_argument("--queue", default="crisis,normal,bulk", help="names separated by commas")
    add("web", _web, "serve pages, where processes are started one by one")
    add("manage", _manage, "Django's own commands").add_argument("rest", nargs=argparse.REMAINDER)
    for name in parts.names("commands"):
        try:
            importlib.import_module(name).register(commands)
        except Exception as error:  # a part that is broken must not keep the others from running
            print(
                f"The commands of {name} are not available: {type(error).__name__}: {error}", file=sys.stderr
            )
    return parser


def main(argv: list[str] | None = None) -> int:
    """Entry point. Returns the exit status: 0 good, 1 fault, 2 wrong settings or arguments."""
    args = build().parse_args(argv)
    try:
        if getattr(args, "needs_django", False):  # a part's command says so in its set_defaults
            setup_django()
        return int(args.run(args) or 0)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has gone: nothing to tell
        return 1
    except Exception as error:
        from kithwell.config.options import OptionsError

        if isinstance(error, OptionsError):
            print(error, file=sys.stderr)
            return 2
        if os.environ.get("KITHWELL_TRACEBACK"):
            raise
        from kithwell.kernel import logs

        # To the terminal of whoever runs this go the words too; the full story on request.
        print(f"{args.command} failed: {logs.describe(error)}: {error}", file=sys.stderr)
        print("Set KITHWELL_TRACEBACK=1 to see where.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
