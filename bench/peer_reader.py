"""lemon24/reader's update of the bench's feeds: ``peer_reader.py PORT DATABASE``; prints CPU seconds."""

from __future__ import annotations

import json
import sys
import time

from reader import make_reader


def main(port: str, database: str) -> None:
    reader = make_reader(database)
    for number in range(30):
        reader.add_feed(f"http://127.0.0.1:{port}/feed/{number}.xml")
    began = time.process_time()
    reader.update_feeds(scheduled=False, workers=16)
    updated = time.process_time()
    assert reader.get_entry_counts().total == 900
    middle = time.process_time()
    reader.update_feeds(scheduled=False, workers=16)  # its own schedule would skip them all
    print(json.dumps({"update": updated - began, "again": time.process_time() - middle}))
    reader.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
