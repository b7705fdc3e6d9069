"""The lock of a file has one holder, whoever asks for it and however."""

from pathlib import Path
from threading import Event, Thread

from visitwire_runtime.file_lock import FileLock


def test_whoever_waits_has_it_once_it_is_free(tmp_path: Path) -> None:
    first, second, third = (FileLock(tmp_path / "lock") for _ in range(3))
    has_it = Event()
    assert first.take()
    assert not second.take()

    def wait() -> None:
        second.wait()
        has_it.set()

    waiting = Thread(target=wait)
    waiting.start()
    assert not has_it.wait(0.1)
    first.free()
    waiting.join()
    assert has_it.is_set()
    assert not third.take()
    second.free()
    assert third.take()
    third.free()
