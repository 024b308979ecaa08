"""The product's settings, with the bench's pages added to the addresses."""

from kithwell.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench._page_site"
