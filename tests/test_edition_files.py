"""The editors' files on a real disk."""

from __future__ import annotations

import os
import stat
import threading
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.errors import EditionError, StoreError
from digest.model import EditionKey
from digest.stores.files import MAX_BYTES, DiskEditionFiles

KEY = EditionKey(newsletter="the-sift", day=date(2026, 11, 23))
FILE = "editions/the-sift/2026-11-23.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


@pytest.fixture
def files(folder: Path) -> DiskEditionFiles:
    return DiskEditionFiles(folder)


def put(folder: Path, content: bytes) -> Path:
    file = folder / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def test_messages_call_a_file_by_its_path_from_the_project(files: DiskEditionFiles) -> None:
    assert files.path(KEY) == FILE


def test_there_is_no_file_before_it_is_written(files: DiskEditionFiles) -> None:
    assert files.read(KEY) is None


def test_a_file_lies_where_it_says(files: DiskEditionFiles, folder: Path) -> None:
    files.write(KEY, "subject: “Ä”\n", over=None)

    assert (folder / FILE).read_bytes() == "subject: “Ä”\n".encode()


@pytest.mark.slow
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_text_comes_back_exactly(files: DiskEditionFiles, text: str) -> None:
    files.write(KEY, text, over=files.read(KEY))

    assert text == files.read(KEY)


@pytest.mark.parametrize("text", ["a: 1\r\nb: 2\r\n", "a: 1\rb: 2", "\ufeffa: 1\n", "", "no end"])
def test_line_ends_and_marks_stay(files: DiskEditionFiles, text: str) -> None:
    files.write(KEY, text, over=None)

    assert text == files.read(KEY)


def test_writing_replaces_the_file_and_keeps_its_permissions(files: DiskEditionFiles, folder: Path) -> None:
    put(folder, b"old").chmod(0o664)

    assert files.write(KEY, "new", over="old")

    assert files.read(KEY) == "new"
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o664


def test_a_new_file_has_the_permissions_that_the_user_gives_new_files(
    files: DiskEditionFiles, folder: Path
) -> None:
    umask = os.umask(0o027)
    try:
        files.write(KEY, "new", over=None)
    finally:
        os.umask(umask)

    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o640


@pytest.mark.parametrize("there", [None, "an editor’s save"])
def test_what_was_saved_meanwhile_is_not_written_over(
    files: DiskEditionFiles, folder: Path, there: str | None
) -> None:
    put(folder, b"read").unlink()
    if there is not None:
        put(folder, there.encode())

    assert not files.write(KEY, "new", over="read")

    assert files.read(KEY) == there
    assert len(list((folder / FILE).parent.iterdir())) == (there is not None)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    files: DiskEditionFiles, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match=f"{FILE}: cannot be written: No space left on device"):
        files.write(KEY, "new", over="old")

    assert files.read(KEY) == "old"
    assert [one.name for one in (folder / FILE).parent.iterdir()] == ["2026-11-23.yaml"]


def test_a_reader_sees_one_version_or_the_other(files: DiskEditionFiles) -> None:
    versions = {letter * 200_000 for letter in "ab"}
    files.write(KEY, "a" * 200_000, over=None)
    seen: set[str | None] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(files.read(KEY))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(10):
        for version in versions:
            files.write(KEY, version, over=files.read(KEY))
    done.set()
    reader.join()

    assert seen <= versions


def test_a_file_that_is_not_utf_8_is_named_with_line_and_column(
    files: DiskEditionFiles, folder: Path
) -> None:
    put(folder, "# Ä\nsubject: “Caf".encode() + b"\xe9\n")

    with pytest.raises(EditionError) as caught:
        files.read(KEY)

    assert str(caught.value).startswith(f"{FILE}:2:14: byte 0xe9 is not UTF-8; save the file as UTF-8")
    assert (caught.value.line, caught.value.column) == (2, 14)


def test_the_largest_file_is_read_and_written(files: DiskEditionFiles) -> None:
    files.write(KEY, "a" * MAX_BYTES, over=None)

    assert len(files.read(KEY) or "") == MAX_BYTES


def test_a_larger_file_is_neither_read_nor_written(files: DiskEditionFiles, folder: Path) -> None:
    put(folder, b"a" * (MAX_BYTES + 1))

    with pytest.raises(EditionError, match=f"{FILE}: is larger than 2 MB"):
        files.read(KEY)
    with pytest.raises(EditionError, match=f"{FILE}: is larger than 2 MB"):
        files.write(KEY, "ä" * (MAX_BYTES // 2 + 1), over=None)


@pytest.mark.parametrize(
    "name",
    [
        "../../x",
        "..",
        ".",
        "",
        "/etc",
        "a/b",
        "a\\b",
        "%2e%2e",
        "%2e",
        "the\0sift",
        "the-sift\n",
        "con",
        "nul",
        "CON",
        "com1",
        "aux.yaml",
        "x" * 300,
        "sift.",
        "s\N{COMBINING ACUTE ACCENT}",
        "~root",
        "-sift",
    ],
)
def test_a_name_cannot_lead_anywhere_else(files: DiskEditionFiles, folder: Path, name: str) -> None:
    key = EditionKey(newsletter=name, day=KEY.day)

    with pytest.raises(EditionError, match="the name of a newsletter must be small letters"):
        files.read(key)
    with pytest.raises(EditionError, match="the name of a newsletter must be small letters"):
        files.write(key, "x", over=None)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("link", ["editions", "editions/the-sift", FILE])
def test_a_symbolic_link_does_not_lead_out_of_the_project(
    files: DiskEditionFiles, folder: Path, link: str
) -> None:
    outside = folder.parent / "outside"
    target = outside / FILE
    target.parent.mkdir(parents=True)
    target.write_text("secret")
    (folder / link).parent.mkdir(parents=True, exist_ok=True)
    (folder / link).symlink_to(outside / link)

    with pytest.raises(EditionError, match=f"{FILE}: a symbolic link leads out of the project"):
        files.read(KEY)
    with pytest.raises(EditionError, match=f"{FILE}: a symbolic link leads out of the project"):
        files.write(KEY, "x", over=None)
    assert target.read_text() == "secret"


def test_a_project_that_is_reached_by_a_symbolic_link_works(folder: Path) -> None:
    (folder.parent / "link").symlink_to(folder)

    DiskEditionFiles(folder.parent / "link").write(KEY, "a", over=None)

    assert (folder / FILE).read_text() == "a"


def test_a_loop_of_symbolic_links_is_an_error_in_words(files: DiskEditionFiles, folder: Path) -> None:
    (folder / "editions").symlink_to(folder / "editions")

    with pytest.raises(EditionError, match="its symbolic links lead nowhere"):
        files.read(KEY)


def test_a_folder_in_place_of_the_file(files: DiskEditionFiles, folder: Path) -> None:
    (folder / FILE).mkdir(parents=True)

    with pytest.raises(EditionError, match=f"{FILE}: cannot be read: Is a directory"):
        files.read(KEY)
    with pytest.raises(EditionError, match=f"{FILE}: cannot be read: Is a directory"):
        files.write(KEY, "x", over=None)


def test_a_pipe_in_place_of_the_file_does_not_keep_the_reader_waiting(
    files: DiskEditionFiles, folder: Path
) -> None:
    put(folder, b"").unlink()
    os.mkfifo(folder / FILE)

    with pytest.raises(EditionError, match="this is not a file; move it away"):
        files.read(KEY)
