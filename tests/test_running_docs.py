"""docs/running.md and the files beside it: what they show is so."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from digest.cli import main
from digest.config import json_schema

DOCS = Path(__file__).parent.parent / "docs"
PAGE = (DOCS / "running.md").read_text()
CONTAINERFILE = (DOCS / "running" / "Containerfile").read_text()
#: Its instructions, in order, each on one line.
STEPS = [
    line.split(maxsplit=1)
    for line in CONTAINERFILE.replace("\\\n", "").splitlines()
    if not line.startswith("#")
]
UNITS = sorted((DOCS / "running").glob("digest*.[st]*"))


@pytest.mark.slow
def test_its_units_are_valid(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze here")
    for unit in UNITS:
        # The paths of a project that is not here.
        text = unit.read_text().replace("/srv/sift/.venv/bin/digest", sys.executable)
        (tmp_path / unit.name).write_text(text.replace("User=digest\n", ""))
    ended = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(UNITS) == 3


@pytest.mark.slow
def test_a_unit_with_a_mistake_would_be_found(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze here")
    (tmp_path / "digest.service").write_text("[Service]\nExecStart=relative/path\n")
    command = ["systemd-analyze", "verify", str(tmp_path / "digest.service")]

    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_every_command_and_option_that_it_names_exists() -> None:
    texts = [PAGE, *(unit.read_text() for unit in UNITS), CONTAINERFILE]
    found = [match for text in texts for match in re.findall(r"digest ([a-z]+)((?: --[a-z-]+)*)", text)]
    for name, options in found:
        if name in main.commands:
            known = {flag for parameter in main.commands[name].params for flag in parameter.opts}
            assert set(options.split()) <= known, (name, options)
    assert {"run", "build", "send", "bounces"} <= {name for name, _ in found}


def test_every_setting_that_it_names_exists() -> None:
    schema = str(json_schema())
    names = set(re.findall(r"`([a-z_]+)`", PAGE)) - {"digest"}

    assert {name for name in names if f"'{name}'" not in schema} == set()


# --- the image --------------------------------------------------------------------------------------


def of(instruction: str) -> list[str]:
    return [words for name, words in STEPS if name == instruction]


def container_lines() -> list[str]:
    """The console of the page's "A container"."""
    section = PAGE.split("## A container")[1].split("\n## ")[0]
    [block] = re.findall(r"```console\n(.*?)```", section, re.DOTALL)
    return [line.removeprefix("# ") for line in block.splitlines()]


def test_the_image_has_what_the_program_is_made_of_and_nothing_else_of_the_checkout() -> None:
    project = tomllib.loads((DOCS.parent / "pyproject.toml").read_text())
    hatch = project["tool"]["hatch"]
    wheel = hatch["build"]["targets"]["wheel"]
    made_of = {"pyproject.toml", "constraints.txt", project["project"]["readme"]}
    made_of |= {*project["project"]["license-files"], *wheel["packages"], *wheel["force-include"]}

    copied = [path for words in of("COPY") for path in words.split()[:-1]]

    assert sorted(copied) == sorted(made_of)
    assert hatch["version"]["path"].split("/")[0] in copied
    for words in of("COPY"):
        *paths, target = words.split()
        # The content of a folder is copied, not the folder.
        assert target == (f"/src/{paths[0]}" if (DOCS.parent / paths[0]).is_dir() else "/src/")


def test_the_image_has_extras_that_there_are() -> None:
    known = tomllib.loads((DOCS.parent / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    [default] = of("ARG")
    named = [default, *re.findall(r"--build-arg (\S+=\w+)", PAGE)]

    assert len(named) == 2
    for words in named:
        name, extras = words.split("=")
        assert name == "EXTRAS"
        assert set(extras.split(",")) <= set(known)


def test_the_image_is_run_as_the_page_says() -> None:
    lines = container_lines()
    [user], [folder], [command] = of("USER"), of("WORKDIR"), of("CMD")

    assert command == '["digest", "run"]'
    assert any(line.startswith("mkdir") and f"chown -R {user} {folder}" in line for line in lines)
    mounts = [mount for line in lines for mount in re.findall(r" -v (\S+)", line)]
    assert set(mounts) == {f"{folder}:{folder}"}
    shown = re.findall(r"^# (podman .*)", CONTAINERFILE, re.MULTILINE)
    assert set(shown) <= set(lines)
    assert len(shown) == 2


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response({"/healthz": 200, "/ill/healthz": 503}.get(self.path, 404))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.slow
@pytest.mark.parametrize(("asked", "well"), [("", True), ("/ill", False), (":closed", False)])
def test_the_health_check_of_a_container_fails_when_the_pages_do(asked: str, well: bool) -> None:
    [command] = re.findall(r'^--health-cmd (".*")$', PAGE, re.MULTILINE)
    [web] = [option for option in main.commands["web"].params if option.name == "port"]
    here = f"127.0.0.1:{web.default}"
    assert here in command
    with HTTPServer(("127.0.0.1", 0), _Answers) as server:
        there = f"127.0.0.1:{server.server_port}{asked}"
        Thread(target=server.handle_request, daemon=True).start()
        if asked == ":closed":
            there = "127.0.0.1:1"
        # What a shell of the container is given.
        [line] = shlex.split(command.replace(here, there))
        ended = subprocess.run(
            ["sh", "-c", line.replace("python", shlex.quote(sys.executable), 1)],
            env={"http_proxy": "http://127.0.0.1:1"},  # which is for the feeds
            capture_output=True,
            check=False,
        )

    assert (ended.returncode == 0) is well


def test_each_command_in_a_container_exists() -> None:
    [name] = re.findall(r" -t (\w+) \.", container_lines()[0])
    [container] = re.findall(r" --name (\w+)", PAGE)
    found = re.findall(rf"(?:^|[ `])(?:{name}|exec {container}) digest (\w+)([^`\n]*)", PAGE, re.MULTILINE)

    assert [command for command, _ in found] == ["init", "check", "status", "web", "preview"]
    assert {rest for _, rest in found} == {""}
    assert {command for command, _ in found} <= set(main.commands)
