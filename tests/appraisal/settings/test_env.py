"""Reading the environment."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from appraisal.settings import env


def test_missing_text_is_named_in_the_error(monkeypatch):
    monkeypatch.delenv("SOME_NAME", raising=False)

    with pytest.raises(ImproperlyConfigured, match="Set the environment variable SOME_NAME"):
        env.text("SOME_NAME")


def test_blank_text_counts_as_missing(monkeypatch):
    monkeypatch.setenv("SOME_NAME", "  ")

    assert env.text("SOME_NAME", "fallback") == "fallback"


def test_secret_is_read_from_the_named_file_without_its_line_end(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("from the file\n")
    monkeypatch.setenv("SOME_KEY_FILE", str(tmp_path / "secret"))

    assert env.secret("SOME_KEY") == "from the file"


def test_secret_given_twice_is_refused(monkeypatch):
    monkeypatch.setenv("SOME_KEY", "one")
    monkeypatch.setenv("SOME_KEY_FILE", "/nowhere")

    with pytest.raises(ImproperlyConfigured, match="either SOME_KEY or SOME_KEY_FILE"):
        env.secret("SOME_KEY")


def test_secret_file_that_is_absent_is_not_replaced_by_the_default(monkeypatch, tmp_path):
    monkeypatch.setenv("SOME_KEY_FILE", str(tmp_path / "absent"))

    with pytest.raises(ImproperlyConfigured, match="No such file"):
        env.secret("SOME_KEY", "default")


def test_empty_secret_file_is_refused(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("\n")
    monkeypatch.setenv("SOME_KEY_FILE", str(tmp_path / "secret"))

    with pytest.raises(ImproperlyConfigured, match="which is empty"):
        env.secret("SOME_KEY")


@pytest.mark.parametrize(
    ("word", "expected"),
    [("1", True), ("TRUE", True), ("on", True), ("0", False), ("No", False), ("", True)],
)
def test_flag_knows_the_usual_spellings(monkeypatch, word, expected):
    monkeypatch.setenv("SOME_FLAG", word)

    assert env.flag("SOME_FLAG", default=True) is expected


def test_flag_of_another_word_is_refused_instead_of_read_as_false(monkeypatch):
    monkeypatch.setenv("SOME_FLAG", "ture")

    with pytest.raises(ImproperlyConfigured, match="SOME_FLAG must be true or false"):
        env.flag("SOME_FLAG", default=True)


def test_whole_number_is_read(monkeypatch):
    monkeypatch.setenv("SOME_NUMBER", "30000")

    assert env.whole_number("SOME_NUMBER", 1) == 30000


@pytest.mark.parametrize("value", ["-1", "1.5", "1e3", "٣", "ten"])
def test_number_of_another_form_is_refused(monkeypatch, value):
    monkeypatch.setenv("SOME_NUMBER", value)

    with pytest.raises(ImproperlyConfigured, match="whole number"):
        env.whole_number("SOME_NUMBER", 1)


def test_word_list_drops_blanks_and_empty_parts(monkeypatch):
    monkeypatch.setenv("SOME_HOSTS", " a.example , ,b.example,")

    assert env.word_list("SOME_HOSTS") == ["a.example", "b.example"]


def test_word_list_without_default_is_empty(monkeypatch):
    monkeypatch.delenv("SOME_HOSTS", raising=False)

    assert env.word_list("SOME_HOSTS") == []


def test_folder_is_absolute(monkeypatch):
    monkeypatch.setenv("SOME_FOLDER", "data/var")

    assert env.folder("SOME_FOLDER", Path("/elsewhere")) == Path.cwd() / "data" / "var"


def test_database_address_keeps_an_encoded_password_and_its_options(monkeypatch):
    monkeypatch.setenv("SOME_URL", "postgres://hr:p%40ss@db.example:5433/scores?sslmode=require")

    database = env.database("SOME_URL")

    assert database is not None
    assert database["HOST"] == "db.example"
    assert database["PORT"] == 5433
    assert database["NAME"] == "scores"
    assert database["PASSWORD"] == "p@ss"
    assert database["OPTIONS"] == {"sslmode": "require"}


def test_no_database_address_is_none(monkeypatch):
    monkeypatch.delenv("SOME_URL", raising=False)

    assert env.database("SOME_URL") is None


def test_another_kind_of_database_is_refused(monkeypatch):
    monkeypatch.setenv("SOME_URL", "sqlite:///db.sqlite3")

    with pytest.raises(ImproperlyConfigured, match="PostgreSQL is the only database"):
        env.database("SOME_URL")


def test_mail_server_is_read(monkeypatch):
    monkeypatch.setenv("SOME_MAIL", "smtp+tls://me:word@mail.example:587")

    mail = env.email("SOME_MAIL", "consolemail://")

    assert mail["EMAIL_HOST"] == "mail.example"
    assert mail["EMAIL_PORT"] == 587
    assert mail["EMAIL_USE_TLS"] is True


def test_mail_address_of_an_unknown_kind_is_refused_without_showing_it(monkeypatch):
    monkeypatch.setenv("SOME_MAIL", "pigeon://me:word@mail.example")

    with pytest.raises(ImproperlyConfigured, match="SOME_MAIL is not") as error:
        env.email("SOME_MAIL", "consolemail://")

    assert "word@" not in str(error.value)
