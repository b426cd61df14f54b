"""How SIGTERM ends a command: in a container too, whose first process gets it only if it asks."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from digest.cli.stopping import end_at_sigterm

#: What `digest run` has not imported when it is ready to be stopped: the program's better part.
HEAVY = ("digest.app", "digest.scheduler", "digest.pipeline")


@pytest.fixture
def before() -> Iterator[object]:
    handler = signal.getsignal(signal.SIGTERM)
    yield handler
    signal.signal(signal.SIGTERM, handler)


def test_the_first_process_of_a_container_ends_at_sigterm(before: object) -> None:
    end_at_sigterm(1)

    with pytest.raises(SystemExit) as ended:
        signal.raise_signal(signal.SIGTERM)
    assert ended.value.code == 143


def test_any_other_process_ends_as_ever(before: object) -> None:
    end_at_sigterm(4711)

    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.slow
def test_run_can_be_stopped_before_it_has_imported_what_it_needs(tmp_path) -> None:
    script = f"""
import sys
from digest.cli import main, stopping

def ready():
    print([name for name in {HEAVY} if name in sys.modules])
    raise SystemExit(0)

stopping.asked_to_stop = ready
main(["run", "--project", {str(tmp_path)!r}])
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert (ended.stdout, ended.returncode) == ("[]\n", 0), ended.stderr
