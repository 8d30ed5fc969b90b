"""Log-in: closed sign-up and throttling."""

import pytest
from django.core.cache import cache

from agents.models import Organisation, User

PASSWORD = "a-long-pass-phrase-of-ana"


@pytest.fixture
def ana(db):
    Organisation.objects.create(name="Harbour Services")
    return User.objects.create_user("ana", password=PASSWORD)


def log_in(client, password, address="192.0.2.1"):
    form = {"login": "ana", "password": password}
    return client.post("/accounts/login/", form, REMOTE_ADDR=address)


@pytest.mark.django_db
def test_sign_up_is_closed(client, ana):
    form = {"username": "eve", "password1": PASSWORD, "password2": PASSWORD}

    client.post("/accounts/signup/", form)

    assert not User.objects.filter(username="eve").exists()


def test_right_password_opens_a_session(client, ana):
    answer = log_in(client, PASSWORD)

    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(ana.pk)


def test_five_failures_stop_guessing_from_that_address_but_not_the_owner_elsewhere(client, ana):
    cache.clear()
    for attempt in range(5):
        log_in(client, f"wrong {attempt}")

    guesser = log_in(client, PASSWORD)
    owner = log_in(client, PASSWORD, address="198.51.100.7")

    assert guesser.status_code == 200
    assert "_auth_user_id" in client.session
    assert owner.status_code == 302


def test_wrong_password_says_how_many_tries_are_left(client, ana):
    cache.clear()

    answers = [log_in(client, f"wrong {attempt}") for attempt in range(6)]

    texts = [answer.content.decode() for answer in answers]
    assert "User name and password do not match. 4 tries left." in texts[0]
    assert "User name and password do not match. 1 try left." in texts[3]
    assert "Too many tries. Wait a quarter of an hour" in texts[5]


def test_log_in_goes_on_in_the_language_the_person_chose(client, ana):
    cache.clear()
    User.objects.update(language="zh-hans")

    log_in(client, PASSWORD)

    assert client.cookies["django_language"].value == "zh-hans"


def test_language_this_browser_was_told_stays(client, ana):
    cache.clear()
    User.objects.update(language="zh-hans")
    client.cookies["django_language"] = "en"

    log_in(client, PASSWORD)

    assert client.cookies["django_language"].value == "en"
