"""What pages load: only files that are here, only classes that are drawn."""

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Names that mark a part which is drawn like others of its kind; "if" is of a template's tag.
MARKS = {"c-when", "cycles", "if", "mapping", "parked", "rows-part", "wrong"}


def classes_of(text):
    for value in re.findall(r'class="([^"]*)"', text):
        plain = re.sub(r"{%.*?%}|{{.*?}}|{[^}]*}", " ", value)
        yield from (word for word in plain.split() if re.fullmatch(r"[a-zA-Z][\w-]*", word))


def test_every_class_of_a_page_is_drawn():
    styles = "".join(path.read_text() for path in STATIC.glob("css/*.css"))
    drawn = set(re.findall(r"\.([a-zA-Z][\w-]*)", styles))

    unknown = {
        (path.name, name)
        for path in TEMPLATES
        for name in classes_of(path.read_text())
        if name not in drawn | MARKS
    }

    assert unknown == set()


def test_colours_stand_in_the_tokens_alone():
    others = [path for path in STATIC.glob("css/*.css") if path.name != "tokens.css"]

    found = [
        (path.name, hit)
        for path in others
        for hit in re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", path.read_text())
    ]

    assert found == []


def test_library_files_are_the_ones_on_record():
    record = (STATIC / "vendor" / "README.md").read_text()

    for path in STATIC.glob("vendor/*.js"):
        assert hashlib.sha256(path.read_bytes()).hexdigest() in record, path.name


def test_nothing_is_loaded_from_elsewhere():
    sources = [*TEMPLATES, *STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")]

    found = [path.name for path in sources if re.search(r"https?://", path.read_text())]

    assert found == []
