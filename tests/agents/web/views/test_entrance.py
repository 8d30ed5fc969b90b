"""First run, language, and a person's own settings."""

import pytest

from agents.models import Organisation, User

SET_UP = {
    "name": "Harbour",
    "zone": "Asia/Shanghai",
    "language": "zh-hans",
    "username": "hana",
    "email": "hana@example.org",
    "password": "a long harbour wall",
    "password_again": "a long harbour wall",
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/people/", "/me/settings/", "/nowhere/"])
def test_every_page_leads_to_the_set_up_while_there_is_no_organisation(client, path):
    answer = client.get(path)

    assert (answer.status_code, answer["Location"]) == (302, "/setup/")


@pytest.mark.django_db
def test_set_up_makes_the_first_hr_user_and_logs_in_in_the_language_chosen(client):
    answer = client.post("/setup/", SET_UP)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert Organisation.objects.get().zone == "Asia/Shanghai"
    assert client.session["_auth_user_id"] == str(User.objects.get(username="hana").pk)
    assert client.cookies["django_language"].value == "zh-hans"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"zone": "Mars/Base"}, "“Mars/Base” is no time zone."),
        ({"password": "short", "password_again": "short"}, "at least 12 characters"),
        ({"password_again": "another harbour wall"}, "The two passwords are not the same."),
        ({"email": "nowhere"}, "Enter a valid email address."),
        ({"username": "two words"}, "Enter a valid username."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_set_up_says_what_is_wrong_and_makes_nothing(client, change, words):
    answer = client.post("/setup/", SET_UP | change)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Organisation.objects.exists()
    assert not User.objects.exists()


def test_set_up_does_not_exist_once_it_is_done(cast, client):
    assert client.get("/setup/").status_code == 404
    assert client.post("/setup/", SET_UP).status_code == 404


def test_log_in_page_is_there_in_both_languages(cast, client):
    english = client.get("/accounts/login/", headers={"Accept-Language": "en"})
    chinese = client.get("/accounts/login/", headers={"Accept-Language": "zh-CN"})

    assert '<html lang="en">' in english.content.decode()
    assert "Every point, down to the calls it came from." in english.content.decode()
    assert '<html lang="zh-Hans">' in chinese.content.decode()
    assert "每一分，都能追到它来自哪通电话。" in chinese.content.decode()


def test_language_switch_holds_for_the_browser_and_the_person(cast):
    client = cast.client("ana")

    answer = client.post("/me/language/", {"language": "zh-hans", "next": "/me/settings/"})

    assert answer["Location"] == "/me/settings/"
    assert client.cookies["django_language"].value == "zh-hans"
    cast.ana.refresh_from_db()
    assert cast.ana.language == "zh-hans"


def test_language_switch_ignores_a_language_that_is_not_offered(cast):
    client = cast.client("ana")

    client.post("/me/language/", {"language": "tlh"})

    cast.ana.refresh_from_db()
    assert cast.ana.language == ""


def test_language_switch_never_leads_to_another_site(cast, client):
    answer = client.post("/me/language/", {"language": "en", "next": "https://example.org/"})

    assert answer["Location"] == "/"


def test_settings_save_the_language(cast):
    client = cast.client("ana")

    answer = client.post("/me/settings/", {"language": "zh-hans"}, follow=True)

    assert "已保存。" in answer.content.decode()
    cast.ana.refresh_from_db()
    assert cast.ana.language == "zh-hans"


def test_settings_refuse_a_language_that_is_not_offered(cast):
    assert cast.client("ana").post("/me/settings/", {"language": "tlh"}).status_code == 422


@pytest.mark.parametrize("name", ["ana", "sam", "hana", "mona", "ada", "quinn"])
def test_settings_are_open_to_everybody_who_is_logged_in(cast, name):
    assert cast.client(name).get("/me/settings/").status_code == 200


def test_settings_ask_a_stranger_to_log_in(cast, client):
    answer = client.get("/me/settings/")

    assert answer["Location"] == "/accounts/login/?next=/me/settings/"


@pytest.mark.parametrize("page", ["/accounts/email/", "/accounts/confirm-email/"])
def test_pages_of_the_library_that_are_not_used_do_not_exist(cast, page):
    assert cast.client("ana").get(page).status_code == 404
