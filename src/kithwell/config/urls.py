"""Every page's address: the `urlpatterns` of each part's `urls.py`, as they are."""

from __future__ import annotations

from typing import Any

from django.urls import path

from kithwell.config import ops, parts

urlpatterns: list[Any] = [
    path("ops", ops.overview, name="ops"),
    path("ops/jobs", ops.dead_jobs, name="ops-jobs"),
    path("ops/jobs/<uuid:ident>", ops.act_on_job, name="ops-job"),
    *(pattern for module in parts.modules("urls") for pattern in module.urlpatterns),
]

handler400 = "kithwell.kernel.errorpages.bad_request"
handler403 = "kithwell.kernel.errorpages.forbidden"
handler404 = "kithwell.kernel.errorpages.not_found"
handler500 = "kithwell.kernel.errorpages.server_error"
