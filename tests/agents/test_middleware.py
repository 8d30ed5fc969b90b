"""Headers on every answer, the limits of a session, the second factor."""

from dataclasses import dataclass

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agents import services
from agents.middleware import NoStore
from tests.factories import NOW


def test_page_is_kept_by_nobody(rf):
    answer = NoStore(lambda request: HttpResponse("a score"))(rf.get("/"))

    assert answer["Cache-Control"] == "no-store"


def test_view_that_says_otherwise_is_left_alone(rf):
    public = HttpResponse("a picture", headers={"Cache-Control": "max-age=60"})

    answer = NoStore(lambda request: public)(rf.get("/"))

    assert answer["Cache-Control"] == "max-age=60"


@pytest.mark.parametrize("address", ["/people/?q=%00", "/people/?q=a%00b&page=2", "/people/%00/"])
def test_null_character_in_an_address_is_refused(cast, address):
    assert cast.client("hana").get(address).status_code == 400


def test_words_about_a_null_character_are_not(cast):
    assert cast.client("hana").get("/people/?q=%2500").status_code == 200


LOGGED_OUT = "/accounts/login/?next=/people/"
MINUTE_S = 60
HOUR_S = 3_600


@pytest.fixture
def hana(cast):
    with time_machine.travel(NOW, tick=False) as clock:
        yield Visit(cast.client("hana"), clock)


@dataclass
class Visit:
    """Somebody at the people page, after so many seconds."""

    client: Client
    clock: time_machine.Traveller

    def after(self, seconds):
        self.clock.shift(seconds)
        return self.client.get("/people/")


def test_session_that_rested_for_half_an_hour_ends(hana):
    assert hana.after(0).status_code == 200
    assert hana.after(29 * MINUTE_S).status_code == 200

    ended = hana.after(30 * MINUTE_S)

    assert (ended.status_code, ended.url) == (302, LOGGED_OUT)
    assert "session has ended" in hana.client.get(ended.url).content.decode()


def test_session_in_use_lasts_twelve_hours_and_no_longer(hana):
    hana.after(0)
    for _ in range(12 * 3 - 1):
        assert hana.after(20 * MINUTE_S).status_code == 200

    assert hana.after(20 * MINUTE_S).url == LOGGED_OUT


def test_logging_in_again_starts_a_new_session(cast, hana):
    hana.after(0)
    hana.after(HOUR_S)

    hana.client.force_login(cast.hana, backend="django.contrib.auth.backends.ModelBackend")

    assert hana.after(29 * MINUTE_S).status_code == 200


def test_busy_session_is_written_once_a_minute(hana):
    hana.after(0)
    with CaptureQueriesContext(connection) as queries:
        hana.after(1)

    assert [query for query in queries if "UPDATE" in query["sql"]] == []


@pytest.fixture
def strict(settings):
    settings.REQUIRE_MFA = True


def add_second_factor(user):
    return TOTP.activate(user, generate_totp_secret()).instance


SET_UP = "/accounts/2fa/totp/activate/"


@pytest.mark.parametrize("name", ["hana", "mona", "ada"])
@pytest.mark.parametrize("address", ["/me/settings/", "/people/", "/accounts/password/change/"])
def test_strong_role_is_led_to_the_second_factor(cast, strict, name, address):
    answer = cast.client(name).get(address)

    assert (answer.status_code, answer.url) == (302, SET_UP)


@pytest.mark.parametrize("name", ["ana", "sam", "quinn"])
def test_other_roles_may_do_without_it(cast, strict, name):
    assert cast.client(name).get("/me/settings/").status_code == 200


def test_nobody_is_led_anywhere_where_it_is_not_required(cast):
    assert cast.client("hana").get("/me/settings/").status_code == 200


@pytest.mark.parametrize("name", ["hana", "mona", "ada"])
def test_way_to_the_second_factor_asks_the_password_and_shows_the_form(cast, strict, name):
    client = Client()
    client.post("/accounts/login/", {"login": name, "password": "open sesame"})

    asked = client.get("/me/settings/", follow=True)
    shown = client.post(
        asked.redirect_chain[-1][0], {"password": "open sesame", "next": SET_UP}, follow=True
    )

    assert [url.split("?")[0] for url, _status in asked.redirect_chain] == [
        SET_UP,
        "/accounts/reauthenticate/",
    ]
    assert (asked.status_code, shown.status_code) == (200, 200)
    assert shown.redirect_chain == [(SET_UP, 302)]
    assert "second factor" in shown.content.decode()


def test_second_factor_opens_the_pages(cast, strict):
    add_second_factor(cast.hana)

    assert cast.client("hana").get("/people/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(cast, strict):
    RecoveryCodes.activate(cast.hana)

    assert cast.client("hana").get("/people/").url == SET_UP


def test_role_given_in_mid_session_needs_it_on_the_next_page(cast, strict):
    client = cast.client("quinn")
    assert client.get("/me/settings/").status_code == 200

    services.set_roles(user=cast.quinn, roles=["manager"], granted_by=cast.ada, now=NOW)

    assert client.get("/me/settings/").url == SET_UP


@pytest.mark.parametrize("address", ["/healthz", "/accounts/logout/"])
def test_door_out_stays_open(cast, strict, address):
    assert cast.client("hana").get(address).status_code == 200


def test_logging_out_needs_no_second_factor(cast, strict):
    client = cast.client("hana")

    assert client.post("/accounts/logout/").url == "/accounts/login/"
    assert "_auth_user_id" not in client.session


def test_language_can_be_changed_on_the_way(cast, strict):
    answer = cast.client("hana").post("/me/language/", {"language": "zh-hans", "next": SET_UP})

    assert answer.url == SET_UP


def test_part_of_a_page_lets_the_whole_page_go_to_the_set_up(cast, strict):
    answer = cast.client("hana").get("/people/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (200, SET_UP)
