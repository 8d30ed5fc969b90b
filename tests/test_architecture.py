"""Rules about the code as a whole that no linter states."""

import ast
import gettext
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models

ROOT = Path(settings.BASE_DIR)
# From the bottom up: an app may refer to itself and to those before it.
APPS = ["agents", "kpi", "appraisal", "feedback"]
BELOW_US = {"auth", "contenttypes"}
# Tests of shipped data and of papers have no module to mirror.
TESTS_OF_DATA = (
    "golden/",
    "appraisal/scoring/test_field_",
    "appraisal/scoring/test_shipped_",
    "kpi/formula/test_formula_page",
    "kpi/library/test_",
    "kpi/test_vectors",
)
# The picture to scan for a second factor, an SVG that the log-in library draws.
MARKED_SAFE = {"templates/mfa/totp/activate_form.html"}
LONGEST_FUNCTION = 60
LONGEST_MODULE = 400


def modules():
    """Every module of ours but migrations, which Django writes."""
    sources = [ROOT / "manage.py"]
    for folder in [*APPS, "tests", "benchmarks"]:
        sources += sorted((ROOT / folder).rglob("*.py"))
    return [source for source in sources if "migrations" not in source.parts]


def our_models():
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def test_every_relation_points_down_or_inside():
    upward = []
    for model in our_models():
        allowed = BELOW_US | set(APPS[: APPS.index(model._meta.app_label) + 1])
        upward += [
            f"{model._meta.label}.{field.name}"
            for field in model._meta.get_fields()
            if field.is_relation
            and not field.auto_created
            and field.related_model is not None
            and field.related_model._meta.app_label not in allowed
        ]

    assert upward == []


def test_no_number_is_stored_as_a_float():
    floats = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.FloatField)
    ]

    assert floats == []


def test_every_constraint_and_index_has_a_name_of_its_own():
    names = [
        constraint.name
        for model in our_models()
        for constraint in [*model._meta.constraints, *model._meta.indexes]
    ]

    assert all(names)
    assert sorted(names) == sorted(set(names))


def test_no_module_is_longer_than_a_reader_s_patience():
    too_long = {
        str(source.relative_to(ROOT)): lines
        for source in modules()
        if "tests" not in source.parts
        and (lines := len(source.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    }

    assert too_long == {}


def test_no_function_is_longer_than_a_screen():
    too_long = {}
    for source in modules():
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    too_long[f"{source.relative_to(ROOT)}:{node.name}"] = lines

    assert too_long == {}


def test_every_test_module_mirrors_a_source_module():
    orphans = []
    for test in (ROOT / "tests").rglob("test_*.py"):
        place = test.relative_to(ROOT / "tests").as_posix()
        is_free = "/" not in place or place.startswith(("journeys/", *TESTS_OF_DATA))
        if not is_free and not _mirrors_something(place):
            orphans.append(place)

    assert orphans == []


def _mirrors_something(place):
    """Whether the module, the package or, after "_", an aspect of one of them is tested."""
    folder, _, name = place.rpartition("/test_")
    words = name.removesuffix(".py").split("_")
    sources = [ROOT / folder / "_".join(words[:count]) for count in range(1, len(words) + 1)]
    return any(source.is_dir() or source.with_suffix(".py").exists() for source in sources)


def test_every_module_and_package_says_what_it_is_for():
    silent = [
        str(source.relative_to(ROOT))
        for source in modules()
        if "tests" not in source.parts
        and (text := source.read_text(encoding="utf-8").strip())
        and ast.get_docstring(ast.parse(text)) is None
    ]

    assert silent == []


def test_no_template_switches_escaping_off():
    # In Python the linter sees to it (S308).
    marks = ("|safe", "{% autoescape off")
    marked = [
        str(template.relative_to(ROOT))
        for template in (ROOT / "templates").rglob("*.html")
        if any(mark in template.read_text(encoding="utf-8") for mark in marks)
    ]

    assert set(marked) == MARKED_SAFE


def test_no_template_holds_an_inline_script_style_or_handler():
    inline = ("<style", " style=", " onclick=", " onchange=", " onsubmit=", "javascript:")
    guilty = []
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8").lower()
        if any(word in text for word in inline) or _has_inline_script(text):
            guilty.append(str(template.relative_to(ROOT)))

    assert guilty == []


def _has_inline_script(text):
    """Whether a script element has content; one of JSON data runs nothing and may."""
    for piece in text.split("<script")[1:]:
        opening, _, rest = piece.partition(">")
        if "application/json" not in opening and rest.split("</script", 1)[0].strip():
            return True
    return False


def test_compiled_texts_are_those_of_the_source():
    differing = []
    for catalogue in sorted((ROOT / "locale").rglob("*.po")):
        with catalogue.with_suffix(".mo").open("rb") as compiled:
            held = gettext.GNUTranslations(compiled)._catalog
        if {key: text for key, text in held.items() if key} != read_catalogue(catalogue):
            differing.append(str(catalogue.relative_to(ROOT)))

    assert differing == [], "run: make messages"


def read_catalogue(path):
    """Read a .po file as gettext keys its compiled form; untranslated and fuzzy ones are out."""
    texts = {}
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        entry = _read_entry(block)
        if entry.get("msgid"):
            texts |= _keyed(entry)
    return texts


def _read_entry(block):
    """Keyword to text of one entry, empty for a fuzzy or dropped one."""
    entry, keyword = {}, None
    for line in block.splitlines():
        if line.startswith("#,") and "fuzzy" in line:
            return {}
        if line.startswith("#") or not line.strip():
            continue
        if not line.startswith('"'):
            keyword, _, line = line.partition(" ")
        entry[keyword] = entry.get(keyword, "") + ast.literal_eval(line)
    return entry


def _keyed(entry):
    context = f"{entry['msgctxt']}\x04" if "msgctxt" in entry else ""
    key = context + entry["msgid"]
    if "msgid_plural" not in entry:
        return {key: entry["msgstr"]} if entry["msgstr"] else {}
    forms = {name: text for name, text in entry.items() if name.startswith("msgstr[")}
    if not all(forms.values()):
        return {}
    return {(key, int(name[7:-1])): text for name, text in forms.items()}
