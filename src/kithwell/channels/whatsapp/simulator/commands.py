"""`kithwell simulate whatsapp`: the provider's side as a program of its own."""

from __future__ import annotations

import argparse
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any


def register(commands: Any) -> None:
    parser = commands.add_parser("simulate", help="play a provider, to try out or test without an account")
    kinds = parser.add_subparsers(required=True, metavar="PROVIDER")
    whatsapp = kinds.add_parser("whatsapp", help="WhatsApp Cloud API")
    whatsapp.add_argument("--port", type=int, default=8099)
    whatsapp.add_argument("--product", default="http://127.0.0.1:8000/hooks/whatsapp/simulated")
    whatsapp.add_argument("--seed", type=int, default=0, help="same seed, same misbehaviour")
    whatsapp.add_argument("--faults", type=Path, help="fault script (JSON)")
    whatsapp.add_argument("--store", default=":memory:", help="file to keep people and messages in")
    whatsapp.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from kithwell.channels.whatsapp.simulator.engine import Engine
    from kithwell.channels.whatsapp.simulator.faults import Faults, load
    from kithwell.channels.whatsapp.simulator.postman import Postman, over_http
    from kithwell.channels.whatsapp.simulator.server import Server

    faults = load(args.faults) if args.faults else Faults()
    faults.seed = args.seed or faults.seed
    shift = [timedelta(0)]
    engine = Engine(args.store, clock=lambda: datetime.now(UTC) + shift[0], faults=faults)
    engine.set_template(
        "reply_waiting", "en", "APPROVED", "A reply is waiting for you. Write OPEN to read it.", tell=False
    )

    def advance(by: timedelta) -> None:
        shift[0] += by

    server = Server(engine, port=args.port, advance=advance).start()
    postman = Postman(engine, over_http(args.product)).start()
    keys = engine.keys
    account = {
        "name": "simulated", "phone_number_id": keys.phone_number_id, "token": keys.token,
        "app_secret": keys.app_secret, "verify_token": keys.verify_token, "base_url": server.url,
    }  # fmt: skip
    print(f"A simulated WhatsApp listens at {server.url} and posts to {args.product}")
    print("Start the product with:\n  export KITHWELL_WHATSAPP_ACCOUNTS='" + json.dumps([account]) + "'")
    print(f'Be a person: curl {server.url}/_sim/person -d \'{{"phone":"34600000001"}}\'', flush=True)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return 0
    finally:
        postman.stop()
        server.stop()
        engine.close()
