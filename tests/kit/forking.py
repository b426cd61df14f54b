"""Processes of their own that begin at once: forked from a server that has the program in memory already."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.forkserver import ensure_running
from multiprocessing.process import BaseProcess
from typing import Any

import pytest

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["warmed"])


def forked(function: Callable[..., Any], *args: Any) -> BaseProcess:
    """A process that does *function*, begun, with the environment of this one."""
    serve()
    process = CONTEXT.Process(target=_begun, args=(dict(os.environ), function, args))
    process.start()
    return process


def _begun(environ: dict[str, str], function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    # The server has the environment of the moment when it began.
    os.environ.clear()
    os.environ |= environ
    function(*args)


def serve() -> None:
    """Begin the server, if there is none."""
    with pytest.MonkeyPatch.context() as patch:
        # Here the server looks for what it is to have in memory; it says nothing where that is not found.
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        ensure_running()
