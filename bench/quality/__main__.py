"""``python -m bench.quality DATA``: measure, and print our figures beside the peers'."""

from __future__ import annotations

import argparse
import sys
from itertools import islice
from pathlib import Path

from bench.quality import data, peers
from bench.quality.parts import PARTS, QUICK


def main() -> int:
    chosen = _arguments()
    if chosen.data is None or (lacking := data.missing(chosen.data)):
        print(_needs(chosen.data, [] if chosen.data is None else lacking), file=sys.stderr)
        return 2
    step = QUICK if chosen.quick else 1
    with peers.offline():
        if chosen.show:
            count, name = chosen.show
            for failure in islice(PARTS[name].failures(chosen.data, step), count):
                print(f"{failure}\n")
            return 0
        for name in chosen.part or PARTS:
            for table in PARTS[name].tables(chosen.data, step):
                print("\n".join(table.lines()), end="\n\n", flush=True)
    if missing := peers.missing():
        print(f"not installed, so not measured: {', '.join(missing)} (make quality installs them)")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.quality", description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, metavar="DATA", help="the folder with the material")
    parser.add_argument("--quick", action="store_true", help=f"one article in {QUICK}")
    parser.add_argument("--part", action="append", choices=PARTS, help="only this part; may be given again")
    parser.add_argument(
        "--show", nargs=2, metavar=("N", "PART"), help="N of our failures in a part, instead of figures"
    )
    chosen = parser.parse_args()
    if chosen.show:
        count, name = chosen.show
        if not count.isdigit() or name not in PARTS:
            parser.error(f"--show takes a number and a part ({', '.join(PARTS)}), not {count!r} {name!r}")
        chosen.show = (int(count), name)
    return chosen


def _needs(folder: Path | None, lacking: list[str]) -> str:
    """What is needed, for who gave no folder or a wrong one."""
    said = "which folder has the material?" if folder is None else f"{folder} lacks {', '.join(lacking)}"
    return f"{said}\nGive one: make quality DATA=FOLDER\n\n{data.__doc__}"


if __name__ == "__main__":
    sys.exit(main())
