"""The Jinja2 environment of all pages: autoescape on, translations by Django's catalogues, templates of each part."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import trans_real
from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    Undefined,
    meta,
    select_autoescape,
)
from jinja2.environment import TemplateModule

from kithwell.kernel import conf, static

# What a page's context holds that a component could lean on (kernel.pages.context); the token has a way of its own.
_OF_THE_PAGE = frozenset(
    {"request", "principal", "lang", "dir", "theme", "country", "path", "page_width", "page_js"}
)
_COMPONENTS = "ui/c"
_request: ContextVar[Any] = ContextVar("jinja_request", default=None)


class _Token:
    """`csrf_token` where there is no page context: that of the page being rendered now."""

    def __str__(self) -> str:
        render = _request.get()
        return str(render["csrf_token"]) if render else ""

    __html__ = __str__


class Template(jinja2.Template):
    """Components are imported "with context" for the form token alone. Building them anew for each page would take a
    third of its time, so those that use nothing else of the page are built once in a process."""

    def make_module(
        self,
        vars: dict[str, Any] | None = None,
        shared: bool = False,
        locals: Mapping[str, Any] | None = None,
    ) -> TemplateModule:
        if self.name and self.name.startswith(_COMPONENTS) and _stands_alone(self.environment, self.name):
            if self._module is None:
                self._module = super().make_module()
            return self._module
        return super().make_module(vars, shared, locals)


_alone: dict[str, bool] = {}


def _stands_alone(env: Environment, name: str) -> bool:
    """Does a component, with all it imports, use nothing of the page but the token?"""
    if name not in _alone or env.auto_reload:
        _alone[name] = False  # what imports itself in a circle is built anew
        if env.loader is not None:
            tree = env.parse(env.loader.get_source(env, name)[0])
            free = not (meta.find_undeclared_variables(tree) & _OF_THE_PAGE)
            inner = list(meta.find_referenced_templates(tree))
            _alone[name] = free and all(
                i is not None and i.startswith(_COMPONENTS) and _stands_alone(env, i) for i in inner
            )
    return _alone[name]


def render(name: str, ctx: dict[str, Any]) -> str:
    """The text of a template, in the active language."""
    mark, tongue = _request.set(ctx), _catalogue.set(_active_catalogue())
    try:
        return environment().get_template(name).render(ctx)
    finally:
        _request.reset(mark)
        _catalogue.reset(tongue)


# Django looks up the active language anew for each string; a page has a hundred and one language.
_catalogue: ContextVar[Any] = ContextVar("jinja_catalogue", default=None)


def _active_catalogue() -> Any:
    return trans_real.translation(translation.get_language() or settings.LANGUAGE_CODE)


def _gettext(message: str) -> str:
    found = _catalogue.get() or _active_catalogue()
    return str(found.gettext(message)) if message else ""


def _ngettext(singular: str, plural: str, n: int) -> str:
    return str((_catalogue.get() or _active_catalogue()).ngettext(singular, plural, n))


def template_dirs() -> list[Path]:
    """`templates/` of each installed app and of the packages inside it (channels/web, channels/whatsapp)."""
    found = list(getattr(settings, "TEMPLATE_FOLDERS", []))
    for config in apps.get_app_configs():
        if config.name.startswith("kithwell."):
            root = Path(config.path)
            found += [p for p in [root / "templates", *sorted(root.glob("*/templates"))] if p.is_dir()]
    return found


def _bytecode() -> FileSystemBytecodeCache | None:
    folder = Path(conf.get("data_dir")) / "cache" / "jinja"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None  # a full or read-only disk makes starts slower, nothing else
    return FileSystemBytecodeCache(str(folder))


@cache
def environment() -> Environment:
    """Made once in a process."""
    testing = getattr(settings, "TESTING", False)
    env = Environment(
        loader=FileSystemLoader([str(p) for p in template_dirs()]),
        autoescape=select_autoescape(default=True, default_for_string=True),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        undefined=StrictUndefined if testing else Undefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=bool(conf.get("reload_templates", False)),
        bytecode_cache=_bytecode(),
        cache_size=800,
    )
    env.template_class = Template
    env.globals["csrf_token"] = _Token()
    env.install_gettext_callables(  # type: ignore[attr-defined]
        _gettext,
        _ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.policies["json.dumps_function"] = lambda value, **_: json.dumps(
        value, ensure_ascii=False, default=str
    )
    env.globals.update(
        asset=static.asset,
        url=_url,
        site_name=conf.get("site_name", "Kithwell"),
        organisation=_organisation(),
        demo=bool(conf.get("demo", False)),
        languages=_languages(),
    )
    env.filters["datetime"] = _datetime
    env.filters["language_name"] = language_name
    for name in getattr(settings, "JINJA_SETUP", []):
        import_string(name)(env)
    return env


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


def _organisation() -> str:
    """Who runs this site, as set; where nobody set it, the site's own name."""
    return str(conf.get("organisation", "") or conf.get("site_name", "Kithwell"))


def language_name(code: str) -> str:
    """A language's name in the reader's language, "Spanish"; the code itself where nobody here knows it."""
    try:
        return str(translation.get_language_info(code)["name_translated"])
    except KeyError:
        return code


def _languages() -> list[tuple[str, str]]:
    """Codes and each language's own name for itself."""
    found = []
    for code in conf.get("languages", ("en",)):
        try:
            name = translation.get_language_info(code)["name_local"]
        except KeyError:
            name = code
        found.append((code, name[:1].upper() + name[1:]))
    return found


def _datetime(moment: datetime, form: str = "%Y-%m-%d %H:%M") -> str:
    return timezone.localtime(moment).strftime(form)
