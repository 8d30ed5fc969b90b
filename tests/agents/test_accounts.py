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
