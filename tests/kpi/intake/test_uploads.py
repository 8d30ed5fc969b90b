import pytest

from kpi.intake import uploads
from kpi.intake.reading.table import FileRefused


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.APPRAISAL_VAR = tmp_path


def test_a_file_is_kept_under_its_digest():
    stored = uploads.store([b"a,b\n", b"1,2\n"], most_bytes=100)

    place = uploads.find(stored.path, stored.sha256)
    assert place.read_bytes() == b"a,b\n1,2\n"
    assert (stored.size, place.name) == (8, stored.sha256)


def test_a_broken_upload_leaves_nothing():
    def cut():
        yield b"a,b\n"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        uploads.store(cut(), most_bytes=100)

    assert not any(path.is_file() for path in uploads.uploads_folder().rglob("*"))


def test_a_stored_file_that_is_gone_or_changed_is_refused():
    stored = uploads.store([b"a"], most_bytes=100)
    place = uploads.uploads_folder() / stored.path

    place.write_bytes(b"b")
    with pytest.raises(FileRefused) as changed:
        uploads.find(stored.path, stored.sha256)
    uploads.remove(stored.path)
    with pytest.raises(FileRefused) as gone:
        uploads.find(stored.path, stored.sha256)

    assert (changed.value.code, gone.value.code) == ("changed", "not_there")


def test_batch_without_a_file_removes_nothing(settings, tmp_path):
    settings.APPRAISAL_VAR = tmp_path
    (tmp_path / "uploads").mkdir()

    uploads.remove("")

    assert (tmp_path / "uploads").is_dir()
