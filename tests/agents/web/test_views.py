"""What holds for every page."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

PAGES = [
    "/people/",
    "/people/new/",
    "/people/import/",
    "/teams/",
    "/positions/",
    "/shifts/",
    "/users/",
    "/me/settings/",
    "/accounts/password/change/",
    "/accounts/2fa/",
]
ENTRANCES = ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/"]


def assert_strict(answer):
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r'(?:src|href)="https?:', text)


@pytest.mark.parametrize("page", PAGES)
def test_page_has_nothing_that_a_strict_policy_forbids(cast, page):
    assert_strict(cast.client("hana").get(page))


@pytest.mark.parametrize("page", ENTRANCES)
def test_entrance_has_nothing_that_a_strict_policy_forbids(cast, client, page):
    assert_strict(client.get(page))


@pytest.mark.parametrize("page", PAGES)
def test_page_is_wholly_in_chinese_for_who_reads_chinese(cast, page):
    client = cast.client("hana")

    text = client.get(page, headers={"Accept-Language": "zh-hans"}).content.decode()

    assert '<html lang="zh-Hans">' in text
    assert "客服绩效" in text


def test_person_page_has_nothing_that_a_strict_policy_forbids(cast):
    assert_strict(cast.client("hana").get(f"/people/{cast.ana.agent_id}/"))


def test_unknown_page_says_so_calmly(cast):
    answer = cast.client("ana").get("/nowhere/")

    assert answer.status_code == 404
    assert "There is no such page for you" in answer.content.decode()


def test_second_factor_is_added_by_a_picture_that_the_policy_allows(cast, client):
    client.post("/accounts/login/", {"login": "ana", "password": "open sesame"})
    client.post("/accounts/reauthenticate/", {"password": "open sesame"})

    answer = client.get("/accounts/2fa/totp/activate/")

    assert_strict(answer)
    assert "<svg" in answer.content.decode()


def test_second_factor_guards_the_log_in_and_a_recovery_code_opens_it(cast, client):
    codes = second_factor_of(cast.ana)

    client.post("/accounts/login/", {"login": "ana", "password": "open sesame"})
    asked = client.get("/accounts/2fa/authenticate/")
    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    shown = client.get("/accounts/2fa/")

    assert_strict(asked)
    assert_strict(shown)
    assert "Show the codes" in shown.content.decode()


def second_factor_of(user):
    TOTP.activate(user, generate_totp_secret())
    return RecoveryCodes.activate(user).get_unused_codes()
