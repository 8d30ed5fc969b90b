"""How Celery's messages travel: through Redis, or through a folder where there is none."""

from pathlib import Path
from typing import Any


def transport_options(*, redis_url: str, folder: Path, time_limit_s: int) -> dict[str, Any]:
    """The options of kombu's transport.

    Args:
        redis_url: empty for the folder.
        folder: where the messages lie then; :func:`make_folders` makes what it needs.
        time_limit_s: hard limit of one task. A message that is not confirmed within twice
            that time is given out again, and a longer task would run twice at once.
    """
    if redis_url:
        # Kombu looks for the tasks of dead workers every tenth interval only; the default of
        # ten seconds would leave them alone for a hundred.
        return {"visibility_timeout": 2 * time_limit_s, "unacked_restore_interval": 1}
    messages = str(folder / "messages")
    return {
        # One folder serves both ways, so that any process can send and any worker receive.
        "data_folder_in": messages,
        "data_folder_out": messages,
        "control_folder": str(folder / "control"),
        # Kombu looks into the folder once a second; a person waits for what is behind it.
        "polling_interval": 0.1,
        # Messages handed out move here, by a rename; else kombu copies them through /tmp.
        "store_processed": True,
        "processed_folder": str(folder / "taken"),
    }


def make_folders(options: dict[str, Any]) -> None:
    """Make the folders that these options name; only their owner may look inside."""
    for name in ("data_folder_in", "control_folder", "processed_folder"):
        if name in options:
            Path(options[name]).mkdir(mode=0o700, parents=True, exist_ok=True)


def drop_taken(options: dict[str, Any], *, before: float) -> int:
    """Delete the copies of messages handed out before a moment; nothing needs them.

    Args:
        before: seconds since the epoch.

    Returns:
        How many were deleted.
    """
    if "processed_folder" not in options:
        return 0
    taken = Path(options["processed_folder"]).glob("*.msg")
    old = [message for message in taken if message.stat().st_mtime < before]
    for message in old:
        message.unlink(missing_ok=True)
    return len(old)
