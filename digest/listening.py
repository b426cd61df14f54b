"""The socket that the desk and the readers' pages are served on."""

from __future__ import annotations

import socket

from digest.errors import ConfigError


def listen(host: str, port: int, command: str) -> socket.socket:
    """Raises ConfigError: *command* cannot have that address."""
    if not 0 <= port <= 65535:
        raise ConfigError(
            command, [f"--port {port}: ports are numbered from 1 to 65535; 0 takes any that is free"]
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as exc:
        why, _, _ = str(exc.strerror).partition(" (")  # then Python tells the address
        raise ConfigError(
            command, [f"--port {port}: {why}; choose another, or 0 for any that is free"]
        ) from exc
    # Otherwise each answer on a kept connection waits 40 ms for the browser's acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def address_of(host: str, listener: socket.socket) -> str:
    """As a browser takes it, without a slash at the end."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}"
