"""The broker: Redis, or a folder that needs no server."""

import os
from pathlib import Path
from uuid import uuid4

from kombu import Connection

from appraisal.settings import broker


def folder_options(tmp_path):
    options = broker.transport_options(redis_url="", folder=tmp_path / "broker", time_limit_s=60)
    broker.make_folders(options)
    return options


def test_message_sent_by_one_process_reaches_another_once(tmp_path):
    options = folder_options(tmp_path)

    with Connection("filesystem://", transport_options=options) as sender:
        sender.SimpleQueue("jobs").put({"job_id": 7})
    with Connection("filesystem://", transport_options=options) as receiver:
        queue = receiver.SimpleQueue("jobs")
        message = queue.get(timeout=5)
        message.ack()
        left = queue.qsize()

    assert message.payload == {"job_id": 7}
    assert left == 0


def test_configured_broker_delivers(settings):
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    broker.make_folders(options)

    with Connection(settings.CELERY_BROKER_URL, transport_options=options) as connection:
        queue = connection.SimpleQueue(f"appraisal-test-{uuid4().hex}")
        queue.put({"job_id": 7})
        message = queue.get(timeout=5)
        message.ack()
        queue.queue.delete()

    assert message.payload == {"job_id": 7}


def test_folders_are_closed_to_others(tmp_path):
    options = folder_options(tmp_path)

    assert Path(options["data_folder_in"]).stat().st_mode & 0o077 == 0


def test_only_old_copies_are_dropped(tmp_path):
    options = folder_options(tmp_path)
    taken = tmp_path / "broker" / "taken"
    for name, age in [("old.msg", 1_000), ("new.msg", 3_000)]:
        (taken / name).touch()
        os.utime(taken / name, (age, age))

    assert broker.drop_taken(options, before=2_000) == 1
    assert [copy.name for copy in taken.iterdir()] == ["new.msg"]


def test_redis_gives_a_task_out_again_only_after_twice_its_limit(tmp_path):
    options = broker.transport_options(
        redis_url="redis://127.0.0.1:6379/0", folder=tmp_path, time_limit_s=60
    )

    assert options["visibility_timeout"] == 120
    assert options["unacked_restore_interval"] == 1
    assert broker.drop_taken(options, before=2_000) == 0
