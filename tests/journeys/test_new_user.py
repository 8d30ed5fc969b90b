"""The way of a person with a real export file and an empty installation, by what pages offer.

Nothing is asked of an address that no page linked to or no form was sent to.
"""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.journeys.working import work_off

NOW = datetime(2026, 11, 3, 1, tzinfo=UTC)
PEOPLE = ("8001", "8002", "8003")
_FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
_TAG = re.compile(r"<(?:input|textarea|button|a)\b[^>]*>")


def attribute(tag, name):
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found.group(1)) if found else ""


class Person:
    """Somebody who follows the links and fills in the forms that a page shows."""

    def __init__(self, client):
        self.client = client
        self.path = self.page = ""

    def go(self, path):
        self._arrived(self.client.get(path, follow=True), path)

    def _arrived(self, answer, path):
        assert answer.status_code == 200, (path, answer.status_code)
        self.path = answer.redirect_chain[-1][0] if answer.redirect_chain else path
        self.page = answer.content.decode()

    def follow(self, words):
        """Follow the first link with these words."""
        links = re.findall(r"(<a\b[^>]*>)(.*?)</a>", self.page, re.DOTALL)
        found = [tag for tag, text in links if words in unescape(re.sub(r"<[^>]+>", "", text))]
        assert found, f"no link “{words}” on {self.path}"
        href = attribute(found[0], "href")
        self.go(self.path.partition("?")[0] + href if href.startswith("?") else href)

    def press(self, words, **filled):
        """Fill in the form with this button and send it."""
        form = next((one for one in _FORM.findall(self.page) if self._has(one, words)), None)
        assert form, f"no button “{words}” on {self.path}"
        tags = _TAG.findall(form)
        kept = {
            attribute(tag, "name"): attribute(tag, "value")
            for tag in tags
            if tag.startswith("<input") and attribute(tag, "name") and " checked" not in tag
        }
        for area in re.finditer(r"<textarea\b([^>]*)>\n?(.*?)</textarea>", form, re.DOTALL):
            kept[attribute(area.group(1), "name")] = unescape(area.group(2))
        unknown = set(filled) - set(kept) - {attribute(tag, "name") for tag in tags}
        unknown -= set(re.findall(r'<select\b[^>]*\bname="(\w+)"', form))
        assert not unknown, f"no field {unknown} on {self.path}"
        target = attribute(form[: form.index(">") + 1], "action") or self.path
        self._arrived(self.client.post(target, kept | filled, follow=True), target)

    @staticmethod
    def _has(form, words):
        buttons = re.findall(r"<button\b[^>]*>(.*?)</button>", form, re.DOTALL)
        return any(words == unescape(re.sub(r"<[^>]+>", "", one)).strip() for one in buttons)


def exported_calls():
    """A month of calls as a Chinese call-centre system writes them: GB18030, no mapping."""
    lines = ["流水号,坐席工号,呼入时间,等待时长(秒),通话时长(秒),是否接听,主叫号码,满意度"]
    start = datetime(2026, 10, 1, 9, tzinfo=UTC)
    for number in range(900):
        at = start + timedelta(days=number // 30, minutes=number % 30 * 15)
        who, rating = PEOPLE[number % 3], ("非常满意", "满意", "一般")[number % 3]
        lines.append(
            f"CALL{number:06},{who},{at:%Y-%m-%d %H:%M:%S},{number % 40},{200 + number % 90},"
            f"是,138{number:08},{rating}"
        )
    return SimpleUploadedFile("十月通话.csv", "\r\n".join(lines).encode("gb18030"), "text/csv")


@pytest.fixture
def person(client, db):
    with time_machine.travel(NOW):
        yield Person(client)


def test_export_file_becomes_scorecards_by_what_the_pages_offer(person):
    person.go("/")
    person.press(
        "Set up and log in",
        name="Harbour",
        zone="Asia/Shanghai",
        language="en",
        username="hana",
        email="hana@example.org",
        password="a long harbour wall",
        password_again="a long harbour wall",
    )

    person.follow("Choose a file")
    person.press("Upload and look", file=exported_calls())
    assert "Recognised as <strong>contacts</strong>" in person.page
    assert "GB18030" in person.page
    person.press("Import")
    assert work_off() == 1
    person.go(person.path)
    assert "What became of the 900 rows" in person.page

    person.go("/")
    person.follow("Open a cycle")
    person.press("2026-10")
    person.press("Compute")
    assert work_off() == 1
    person.go(person.path)
    assert "3 scorecards of run 1" in person.page

    person.follow("Boards")
    person.follow("imported")
    person.follow("8001")
    assert "300 ratings" in person.page
    assert "Awaited" in person.page
    person.follow("244")
    assert "300 rows behind it" in person.page
