"""`make bench`: what a run costs, beside lemon24/reader, as ratios within one run; and how quick the desk is.

Each figure is CPU seconds (user and system) of a process of its own, the least of several rounds taken in
turn, because these are what a noisy machine disturbs least.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
ROUNDS = 3


def cpu_of(*command: str) -> tuple[float, str]:
    """CPU seconds of one process with its children, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def line(rounds: int, port: int, folder: Path) -> None:
    ours: list[dict] = []
    peers: list[dict] = []
    for number in range(rounds):
        _, words = cpu_of(sys.executable, str(HERE / "stages.py"), str(port), str(folder / f"ours{number}"))
        ours.append(json.loads(words))
        _, words = cpu_of(
            sys.executable, str(HERE / "peer_reader.py"), str(port), str(folder / f"peer{number}.db")
        )
        peers.append(json.loads(words))
    least = {stage: min(run[stage] for run in ours) for stage in ours[0] if isinstance(ours[0][stage], float)}
    peer = {stage: min(run[stage] for run in peers) for stage in peers[0]}
    print("A run of 30 feeds × 30 entries, 20 chosen, 1,000 subscribers: CPU milliseconds of each stage")
    for stage, seconds in least.items():
        print(f"  {stage:<34}{seconds * 1000:9.0f}")
    print(
        f"  parsed in the second run: {ours[0]['parsed again']} feeds, {ours[0]['articles']} articles known"
    )
    print("\nGathering, beside lemon24/reader's update of the same feeds (ours / reader's)")
    gather, again = least["gather"], least["gather again, unchanged"]
    for name, mine, theirs in (("first run", gather, peer["update"]), ("unchanged", again, peer["again"])):
        print(f"  {name:<14} {mine * 1000:7.0f} / {theirs * 1000:7.0f} ms = {mine / theirs:.2f}")


def start_up() -> None:
    """Wall time of `digest --help` beside an empty interpreter's."""
    digest = str(Path(sys.executable).with_name("digest"))
    times: dict[str, list[float]] = {"python -c pass": [], "digest --help": []}
    for _ in range(10):
        for name, command in (
            ("python -c pass", [sys.executable, "-c", "pass"]),
            ("digest --help", [digest, "--help"]),
        ):
            began = time.perf_counter()
            subprocess.run(command, capture_output=True, check=True)
            times[name].append(time.perf_counter() - began)
    print("Start-up, wall milliseconds (median of 10)")
    for name, taken in times.items():
        print(f"  {name:<34}{sorted(taken)[5] * 1000:9.0f}")
    print()


def ledger(few: int, many: int) -> None:
    """Memory at the end of a short and of a long run, and the long one's last tenth beside its second."""
    runs = []
    for people in (few, many):
        with tempfile.TemporaryDirectory() as folder:
            _, words = cpu_of(sys.executable, str(HERE / "ledger.py"), str(people), folder)
        runs.append(json.loads(words))
    small, large = (run["megabytes"][-1] for run in runs)
    seconds = runs[-1]["seconds"]  # the first tenth has the warming up
    print(f"\nThe ledger, from the list to the receipts, {seconds[-1] / many * 1e7:.0f} µs CPU a mail")
    print(f"  last tenth / second tenth of {many:,}: {seconds[-1] / seconds[1]:.2f} of the CPU")
    print(f"  memory with {many:,} / with {few:,}: {large:.0f} / {small:.0f} MB = {large / small:.2f}")


def main() -> None:
    start_up()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        port_file = folder / "port"
        server = subprocess.Popen([sys.executable, str(HERE / "newsroom.py"), str(port_file)])
        try:
            while not (port_file.exists() and port_file.read_text()):
                time.sleep(0.05)
            line(ROUNDS, int(port_file.read_text()), folder)
        finally:
            server.terminate()
            server.wait()
    ledger(1_000, 1_000_000)
    print("\nSending", flush=True)
    subprocess.run([sys.executable, str(HERE / "sending.py")], check=True)
    print(flush=True)
    subprocess.run([sys.executable, str(HERE / "http_senders.py")], check=True)
    print(flush=True)
    subprocess.run([sys.executable, str(HERE / "desk.py")], check=True)


if __name__ == "__main__":
    main()
