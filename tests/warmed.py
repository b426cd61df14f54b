"""For the server of ``forking``: once this is imported, the program has done its work once, for nobody."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from mortal import mortal_project

import digest.senders.providers
import digest.senders.smtp
import digest.summarizers  # noqa: F401 - a rehearsal opens none of these

with TemporaryDirectory() as folder:
    mortal_project(Path(folder) / "project", people=0, port=1).run("send", "--dry-run")
