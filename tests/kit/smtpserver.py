"""A real SMTP server (aiosmtpd) on loopback that can be told to answer badly."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Postbox:
    """What arrived, and what to answer instead of taking it: stage or receiver → reply."""

    port: int = 0
    mails: list[tuple[str, bytes]] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)
    #: Receivers at whose mail the connection is cut after the last dot.
    cut: set[str] = field(default_factory=set)
    connections: int = 0
    #: Says that commands may come together (RFC 2920), which aiosmtpd bears and does not offer.
    pipelining: bool = False

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return ["250-PIPELINING", *responses] if self.pipelining else responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "MAIL" in self.replies:
            return self.replies["MAIL"]
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        [address] = envelope.rcpt_tos
        if address in self.cut:
            assert server.transport is not None
            server.transport.close()
            return "250 never heard"
        if "DATA" in self.replies:
            return self.replies["DATA"]
        assert isinstance(envelope.content, bytes)
        self.mails.append((address, envelope.content))
        return "250 taken"


@contextmanager
def serving(
    *,
    tls: ssl.SSLContext | None = None,
    implicit: bool = False,
    login: Mapping[str, str] | None = None,
    pipelining: bool = False,
) -> Iterator[Postbox]:
    postbox = Postbox(pipelining=pipelining)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        postbox.port = probe.getsockname()[1]

    def authenticate(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        user, password = data.login.decode(), data.password.decode()
        return AuthResult(success=login is not None and login.get(user) == password, handled=False)

    controller = Controller(
        postbox,
        hostname="127.0.0.1",
        port=postbox.port,
        ssl_context=tls if implicit else None,
        tls_context=None if implicit else tls,
        authenticator=authenticate if login else None,
        auth_required=bool(login),
        auth_require_tls=tls is not None and not implicit,
        data_size_limit=None,
        decode_data=False,
    )
    controller.start()
    try:
        yield postbox
    finally:
        controller.stop()
