"""Native async routes of this channel, collected by config/front.py."""

from starlette.routing import Route

from kithwell.channels.whatsapp import intake

routes = [
    Route("/hooks/whatsapp/{account}", intake.hook, methods=["GET", "POST"]),
]
