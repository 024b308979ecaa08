"""The simulated provider inside a demo installation: state in one small file, posts over real HTTP to our own door."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from kithwell.channels.whatsapp import accounts
from kithwell.channels.whatsapp.simulator.engine import Engine, Keys
from kithwell.channels.whatsapp.simulator.postman import Postman, over_http
from kithwell.kernel import bus, clock, conf

_lock = threading.Lock()
_made: tuple[int, Engine, Postman] | None = None
TEMPLATES = {
    "en": "A reply is waiting for you. Write OPEN to read it. Write STOP if you do not want this.",
    "es": "Tiene una respuesta esperando. Escriba ABRIR para leerla. Escriba STOP si no quiere esto.",
}


def is_on() -> bool:
    return bool(conf.get("demo", False))


def engine() -> Engine:
    """This process's hold on the shared provider. Raises RuntimeError outside a demo."""
    global _made
    if not is_on():
        raise RuntimeError("the simulated phone is part of the demo only")
    with _lock:
        if _made is None or _made[0] != os.getpid():
            _made = (os.getpid(), *_start())
        return _made[1]


def _start() -> tuple[Engine, Postman]:
    account = accounts.demo_account()
    keys = Keys(account.phone_number_id, account.token, account.app_secret, account.verify_token)
    path = Path(conf.get("data_dir")) / "simulator.sqlite3"
    found = Engine(str(path), keys, clock=clock.now, on_change=_tell)
    for language, body in TEMPLATES.items():
        found.set_template("reply_waiting", language, "APPROVED", body, tell=False)
    url = f"http://127.0.0.1:{conf.get('port', 8000)}/hooks/whatsapp/{account.name}"
    return found, Postman(found, over_http(url)).start()


def _tell(person: str, n: int) -> None:
    bus.say_now([(f"sim:{person}", n)])
