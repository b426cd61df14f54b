"""A real DNS server on loopback, over UDP: it knows the records that it is given, and can be silent."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread

import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset


@dataclass
class Zone:
    """Name and type → records, each as a zone file writes it; TXT without its quotes."""

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    address: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    silent: bool = False

    def has(self, name: str, kind: str, *written: str) -> None:
        self.records[name, kind] = list(written)

    def answer(self, wire: bytes) -> bytes | None:
        query = dns.message.from_wire(wire)
        [question] = query.question
        name, kind = str(question.name).rstrip(".").lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        if self.silent:
            return None
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA | dns.flags.RA
        if written := self.records.get((name, kind)):
            texts = [_txt(text) for text in written] if kind == "TXT" else written
            response.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", kind, *texts))
        elif all(known != name for known, _ in self.records):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire(max_size=65_000)


def _txt(text: str) -> str:
    """A TXT record in pieces of at most 255 bytes."""
    return " ".join(f'"{text[at : at + 250]}"' for at in range(0, len(text), 250))


@contextmanager
def serving_dns(records: Mapping[tuple[str, str], list[str]] | None = None) -> Iterator[Zone]:
    zone = Zone(dict(records or {}))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.05)
        zone.address = f"127.0.0.1:{server.getsockname()[1]}"
        over = False

        def serve() -> None:
            while not over:
                with suppress(TimeoutError):
                    wire, client = server.recvfrom(65_535)
                    if answer := zone.answer(wire):
                        server.sendto(answer, client)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield zone
        finally:
            over = True
            thread.join()
