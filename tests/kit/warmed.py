"""For the server of ``forking``: once this is imported, the program has done its work once, for nobody."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import digest.preview
import digest.senders.providers
import digest.senders.smtp
import digest.summarizers  # noqa: F401 - neither a rehearsal nor a template opens these
from digest import app
from kit.linekit import make_project
from kit.mortal import mortal_project

with TemporaryDirectory() as folder:
    mortal_project(Path(folder) / "tiny", people=0, port=1).run("send", "--dry-run")
    with app.build(make_project(Path(folder) / "sample").folder, {"SAMPLE_NEWSROOM": "http://one"}) as sample:
        sample.template(sample.newsletter(None))
