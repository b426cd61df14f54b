#!/usr/bin/env python
"""Draws the README's pictures: ``python docs/screenshots.py`` (``make screenshots``).

`digest demo` makes an edition of the sample newsroom in a folder that is gone afterwards; Chromium
then photographs its preview.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

IMAGES = Path(__file__).parent / "images"
#: A moment and a port that stay the same, so that the pictures do.
NOW = "2026-11-23T10:00+00:00"
PORT = "8640"


#: Whether the mail is drawn with its pictures, in the preview's frame or without it.
ALL_THERE = """() => {
  const frame = document.querySelector("iframe");
  const mail = frame?.getClientRects().length ? frame.contentDocument : document;
  const images = [...(mail?.images ?? [])].filter(image => image.getClientRects().length);
  const listed = !frame || document.querySelectorAll(".item[data-id]").length;
  return listed && (images.length || mail === document) && images.every(image => image.complete);
}"""


@dataclass(frozen=True)
class Picture:
    name: str
    #: From the preview's address.
    path: str
    width: int
    height: int
    scheme: str = "light"


PICTURES = (
    Picture("edition.png", "mail/html", 700, 1400),
    Picture("edition-phone.png", "mail/html", 360, 780),
    Picture("edition-dark.png", "mail/html", 700, 1400, "dark"),
    Picture("desk.png", "", 1440, 900),
    Picture("desk-dark.png", "", 1440, 900, "dark"),
    Picture("desk-phone.png", "", 390, 844),
)


@contextmanager
def demonstration() -> Iterator[str]:
    """The address of the sample edition's preview, while the block runs."""
    program = [sys.executable, "-c", "from digest.cli import main; main()"]
    with tempfile.TemporaryDirectory() as folder:
        command = [*program, "demo", folder, "--serve", "--port", PORT, "--now", NOW]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - no input
            said = []
            try:
                for line in process.stderr or ():
                    said.append(line)
                    if found := re.search(r"^The preview of .* is on (http://\S+)", line):
                        yield found[1]
                        return
                sys.exit("".join(said))
            finally:
                process.terminate()


def draw(picture: Picture, address: str, browser: Browser) -> None:
    page = browser.new_page(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if picture.scheme == "dark" else "light",
        bypass_csp=True,  # the desk's policy forbids the waiting function, too
    )
    page.goto(address + picture.path)
    page.wait_for_function(ALL_THERE)
    page.screenshot(path=IMAGES / picture.name)
    page.close()


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("the pictures need Chromium (Debian: apt install chromium)")
    IMAGES.mkdir(exist_ok=True)
    with demonstration() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for picture in PICTURES:
            draw(picture, address, browser)
            size = (IMAGES / picture.name).stat().st_size
            sys.stdout.write(f"docs/images/{picture.name}: {size // 1000} kB\n")
        browser.close()


if __name__ == "__main__":
    main()
