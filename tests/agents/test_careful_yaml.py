import pytest
import yaml

from agents.careful_yaml import Careful


class Loader(Careful, yaml.SafeLoader):
    pass


def read(text):
    return yaml.load(text, Loader=Loader)  # noqa: S506 - a SafeLoader


def test_plain_documents_are_read_as_ever():
    text = "a: &a {x: 1}\nb: {<<: *a, y: [2026-01-01, ~, yes]}\n"

    assert read(text) == yaml.safe_load(text)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("2026-13-45", "no timestamp"),
        ("!!timestamp soon", "no timestamp"),
        ("!!int many", "no int"),
        ("!!int ''", "no int"),
        ("!!float much", "no float"),
        ("!!bool perhaps", "no bool"),
        ("9" * 5000, "no int"),
        (r'"a\0b"', "not allowed"),
        (r'"\ud800"', "not allowed"),
        ("{y: 1, y: 2}", "y stands there twice"),
    ],
)
def test_faults_name_their_line(value, told):
    with pytest.raises(yaml.MarkedYAMLError, match=told) as caught:
        read(f"a: 1\nx: {value}\n")

    assert caught.value.problem_mark.line == 1
