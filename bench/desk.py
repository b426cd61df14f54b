"""How soon the desk can be worked with, and how soon a save is on the screen, in a real Chromium.

Wall milliseconds, the median of several, on an edition of 30 items.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from digest import app as application
from digest import editions
from digest.model import Blurb, EditionKey, EditionRecord
from digest.pipeline import read_edition

ITEMS, ROUNDS = 30, 7
#: Seconds in which a new window loads the browser's own parts, which would be counted else.
SETTLE = 1.0
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
DIGEST = [sys.executable, "-c", "from digest.cli import main; main()"]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def project(folder: Path) -> tuple[EditionKey, Path]:
    """The demo's project with an edition of 30 items."""
    subprocess.run(
        [*DIGEST, "demo", str(folder), "--no-serve", "--now", NOW.isoformat()],
        check=True,
        capture_output=True,
    )
    with application.build(folder) as app:
        newsletter = app.newsletter(None)
        key = EditionKey(newsletter=newsletter.key, day=NOW.date())
        edition = read_edition(key, app.files)
        more = tuple(_again(blurb, number) for number in range(9) for blurb in edition.blurbs)
        text = editions.write(replace(edition, blurbs=(*edition.blurbs, *more)[:ITEMS]), newsletter)
        app.files.write(key, text, over=app.files.read(key))
        record = app.store.editions.get(key)
        assert isinstance(record, EditionRecord)
        app.store.editions.save(replace(record, composed=text))
        return key, folder / app.files.path(key)


def _again(blurb: Blurb, number: int) -> Blurb:
    return replace(blurb, id=f"{blurb.id}{number}", headline=f"{blurb.headline} ({number})")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    command = [
        sys.executable,
        "-c",
        "from digest.cli import main; main()",
        "preview",
        "--project",
        str(folder),
    ]
    options = ["--now", NOW.isoformat(), "--port", "0", "--no-open"]
    with subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            for line in process.stderr:
                if found := re.search(r"is on (http://\S+)", line):
                    yield found[1]
                    return
        finally:
            process.terminate()


def _page(browser: Any) -> Any:
    # The desk's policy forbids the waiting functions of this script, too.
    return browser.new_page(viewport={"width": 1440, "height": 900}, bypass_csp=True)


def timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def opening(browser: Any, url: str) -> float:
    """From the address to 30 items that can be edited and a mail that can be read, in a tab that is open."""
    page = _page(browser)
    time.sleep(SETTLE)
    listed = f"document.querySelectorAll('.item[data-id]').length >= {ITEMS}"
    rows = f"{listed} && !document.querySelector('#approve').disabled"

    def open_page() -> None:
        page.goto(url, wait_until="commit")
        page.wait_for_function(rows, polling=5)

    took = timed(open_page)
    page.close()
    return took


def saving(browser: Any, url: str, file: Path) -> list[float]:
    """From the write of the file to the new headline on the screen."""
    page = _page(browser)
    page.goto(url)
    page.wait_for_selector(".item[data-id]")
    taken = []
    for number in range(ROUNDS):
        headline = f"A new headline, number {number}"
        text = re.sub(r"headline: .*", f"headline: {headline}", file.read_text(encoding="utf-8"), count=1)

        def save(text: str = text, headline: str = headline) -> None:
            file.write_text(text, encoding="utf-8")
            page.wait_for_function(f"document.body.textContent.includes({headline!r})", polling=5)

        taken.append(timed(save))
        time.sleep(0.3)
    page.close()
    return taken


def main() -> None:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if not chromium:
        print("The desk was not measured: there is no Chromium here (Debian: apt install chromium)")
        return
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder = Path(made) / "desk"
        _, file = project(folder)
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        with served(folder) as url:
            opening(browser, url)
            opened = [opening(browser, url) for _ in range(ROUNDS)]
            saved = saving(browser, url, file)
        browser.close()
    print(f"The desk on {ITEMS} items, wall milliseconds (median of {ROUNDS})")
    print(f"  {'opened, until it can be worked with':<44}{median(opened) * 1000:6.0f}")
    print(f"  {'saved, until it is on the screen':<44}{median(saved) * 1000:6.0f}")


if __name__ == "__main__":
    main()
