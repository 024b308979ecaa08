"""The server and page fixtures: a real `kithwell run`, a real browser, and trouble on a page fails its test."""

import urllib.request

import pytest
from conftest import PHONE


@pytest.mark.servers
def test_the_server_of_a_run_answers_and_its_own_commands_work_on_its_data(server):
    with urllib.request.urlopen(server.url + "/healthz", timeout=10) as answer:
        assert answer.status == 200
    assert "database" in server.cli("check")


@pytest.mark.browser
@pytest.mark.servers
def test_help_now_is_accessible_on_a_phone_without_scripts(new_page, axe):
    page = new_page(PHONE, javascript=False, language="es")
    page.goto("/help")
    assert page.locator("h1").count() == 1
    scripted = new_page(PHONE)
    scripted.goto("/help")
    axe(scripted, "setup-help-phone")


@pytest.mark.browser
@pytest.mark.servers
def test_a_script_error_on_a_page_is_taken_down(new_page):
    page = new_page()
    page.goto("/help")
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('on purpose') })")
    assert any("on purpose" in line for line in page.troubles)
    page.troubles.clear()
