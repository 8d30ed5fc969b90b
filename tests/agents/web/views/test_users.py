"""Log-ins and roles."""

import pytest

from agents import access, services
from agents.models import RoleGrant, User
from tests.factories import add_user


@pytest.mark.parametrize(
    ("name", "status"), [("ada", 200), ("hana", 200), ("mona", 404), ("sam", 404), ("ana", 404)]
)
def test_log_ins_are_read_by_hr_and_the_administrator(cast, name, status):
    client = cast.client(name)

    assert client.get("/users/").status_code == status
    assert client.get(f"/users/{cast.ana.pk}/").status_code == status


def test_list_is_narrowed_by_name(cast):
    answer = cast.client("ada").get("/users/?q=mona", headers={"HX-Request": "true"})

    text = answer.content.decode()
    assert f'href="/users/{cast.mona.pk}/"' in text
    assert text.count("<tr>") == 2
    assert "<html" not in text


def pages_that_write(user):
    return [
        "/users/new/",
        *(f"/users/{user.pk}/{deed}/" for deed in ("roles", "switch", "password")),
    ]


def test_hr_changes_no_log_in_while_there_is_an_administrator(cast):
    client = cast.client("hana")

    answers = [client.post(page).status_code for page in pages_that_write(cast.ana)]

    assert answers == [404, 404, 404, 404]


def test_hr_makes_the_first_administrator(cast):
    cast.ada.delete()
    form = {"username": "ken", "email": "", "roles": ["administrator"]}

    cast.client("hana").post("/users/new/", form)

    assert access.roles_of(User.objects.get(username="ken")) == {"administrator"}


def test_new_log_in_of_a_person_is_theirs_and_its_password_is_shown_once(cast):
    cast.ben.delete()
    form = {"agent": cast.ben.agent_id, "username": "ben2", "email": "", "roles": []}
    client = cast.client("ada")

    first = client.post("/users/new/", form, follow=True).content.decode()
    again = client.get("/users/").content.decode()

    made = User.objects.get(username="ben2")
    assert made.agent_id == cast.ben.agent_id
    assert "Password of ben2:" in first
    assert "Password of ben2:" not in again


def test_form_of_a_new_log_in_is_filled_from_the_person(cast):
    cast.ben.delete()

    answer = cast.client("ada").get(f"/users/new/?agent={cast.ben.agent_id}")

    assert answer.context["form"].initial["username"] == "ben"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"username": "ANA"}, "This user name is taken."),
        ({"username": ""}, "This field is required."),
        ({"roles": ["hr", "manager"]}, "One person cannot be both HR and Manager."),
        ({"roles": ["king"]}, "Select a valid choice."),
        ({"email": "Ana@example.org"}, "Another log-in has this e-mail address."),
    ],
)
def test_new_log_in_with_something_wrong_is_not_made(cast, change, words):
    User.objects.filter(pk=cast.ana.pk).update(email="ana@example.org")
    form = {"username": "ken", "email": "", "roles": []} | change
    before = User.objects.count()

    answer = cast.client("ada").post("/users/new/", form)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert User.objects.count() == before


def test_roles_are_changed_and_say_by_whom(cast):
    cast.client("ada").post(f"/users/{cast.ana.pk}/roles/", {"roles": ["reviewer"]})

    grant = RoleGrant.objects.get(user=cast.ana)
    assert (grant.role, grant.granted_by) == ("reviewer", cast.ada)
    assert "ada" in cast.client("hana").get(f"/users/{cast.ana.pk}/").content.decode()


def test_conflicting_roles_are_refused(cast):
    answer = cast.client("ada").post(f"/users/{cast.mona.pk}/roles/", {"roles": ["hr", "manager"]})

    assert answer.status_code == 422
    assert access.roles_of(User.objects.get(pk=cast.mona.pk)) == {"agent", "manager"}


def test_nobody_changes_their_own_roles(cast):
    answer = cast.client("ada").post(f"/users/{cast.ada.pk}/roles/", {"roles": []})

    assert answer.status_code == 422
    assert "Nobody changes their own roles." in answer.content.decode()
    assert RoleGrant.objects.filter(user=cast.ada).exists()


def test_log_in_that_is_switched_off_ends_its_open_sessions(cast):
    ana = cast.client("ana")

    cast.client("ada").post(f"/users/{cast.ana.pk}/switch/")

    assert ana.get("/me/settings/").status_code == 302


def test_log_in_is_switched_on_again(cast):
    services.switch_user(user=cast.ana, is_active=False, switched_by=cast.ada)

    cast.client("ada").post(f"/users/{cast.ana.pk}/switch/")

    cast.ana.refresh_from_db()
    assert cast.ana.is_active


def test_nobody_switches_off_their_own_log_in(cast):
    answer = cast.client("ada").post(f"/users/{cast.ada.pk}/switch/", follow=True)

    assert "Nobody switches off their own log-in." in answer.content.decode()
    cast.ada.refresh_from_db()
    assert cast.ada.is_active


def test_new_password_replaces_the_old_one(cast):
    answer = cast.client("ada").post(f"/users/{cast.ana.pk}/password/", follow=True)

    cast.ana.refresh_from_db()
    assert "Password of ana:" in answer.content.decode()
    assert not cast.ana.check_password("open sesame")


def test_administrator_gets_no_new_password_by_this_way(cast):
    assert cast.client("ada").post(f"/users/{cast.ada.pk}/password/").status_code == 404


def test_log_in_without_any_role_says_so(cast):
    ken = add_user("ken")

    answer = cast.client("ada").get(f"/users/{ken.pk}/")

    assert "this log-in can open its settings and nothing else" in answer.content.decode()


@pytest.mark.parametrize(
    "page", ["/users/?q=%00", "/users/new/?agent=x", "/users/new/?agent=99999999999999999999"]
)
def test_nonsense_in_the_address_is_no_crash(cast, page):
    assert cast.client("ada").get(page).status_code in (200, 400)
