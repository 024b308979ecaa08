"""The simulated provider's Graph endpoints inside a demo, at /sim/graph/. They answer 404 everywhere else."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from kithwell.channels.whatsapp.simulator import graph, inside

PREFIX = "/sim/graph"
MAX_BODY = 20 << 20


async def endpoint(request: Request) -> Response:
    """Any request to the simulated Graph API."""
    if not inside.is_on():
        return PlainTextResponse("not found", status_code=404)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            return PlainTextResponse("too large", status_code=413)
    headers = {key.lower(): value for key, value in request.headers.items()}
    path = request.url.path.removeprefix(PREFIX)
    base = f"http://{request.headers.get('host', '127.0.0.1')}{PREFIX}"
    found = await run_in_threadpool(
        lambda: graph.handle(inside.engine(), request.method, path, headers, bytes(body), base=base)
    )
    return Response(found.body, found.status, media_type=found.content_type)


routes = [Route(PREFIX + "/{rest:path}", endpoint, methods=["GET", "POST"])]
