"""Dovecot on a free port of this machine, with one mailbox: a real server where the system has it."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import trustme

DOVECOT = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
PASSWORD = "canary-imap"

CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = yes
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
first_valid_uid = 1
mail_location = maildir:{folder}/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class Imap:
    port: int
    #: A Maildir: what is put into its new is in the mailbox.
    mail: Path
    tls: ssl.SSLContext

    def put(self, name: str, message: bytes) -> None:
        path = self.mail / "new" / name
        path.write_bytes(message)
        path.chmod(0o666)


@contextmanager
def imap_server() -> Iterator[Imap]:
    """The server until the block ends. It hands out mail as an ordinary user: as root, as nobody."""
    assert DOVECOT is not None
    me = pwd.getpwuid(os.getuid())
    reader = pwd.getpwnam("nobody") if me.pw_uid == 0 else me
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    with TemporaryDirectory(prefix="imap-", dir="/tmp") as name, socket.socket() as probe:
        folder = Path(name)
        folder.chmod(0o755)
        for part in ("home", "mail", "mail/new", "mail/cur", "mail/tmp"):
            (folder / part).mkdir()
            os.chown(folder / part, reader.pw_uid, reader.pw_gid)
        (folder / "cert.pem").write_bytes(certificate.cert_chain_pems[0].bytes())
        (folder / "key.pem").write_bytes(certificate.private_key_pem.bytes())
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        root = me.pw_uid == 0
        config = CONFIG.format(
            folder=folder,
            internal="dovecot" if root else me.pw_name,
            login="dovenull" if root else me.pw_name,
            group="dovecot" if root else _group(me.pw_gid),
            password=PASSWORD,
            uid=reader.pw_uid,
            gid=reader.pw_gid,
            port=port,
        )
        (folder / "dovecot.conf").write_text(config)
        server = subprocess.Popen([DOVECOT, "-F", "-c", str(folder / "dovecot.conf")])
        tls = ssl.create_default_context()
        authority.configure_trust(tls)
        try:
            _wait(port, folder)
            yield Imap(port, folder / "mail", tls)
        finally:
            server.terminate()
            server.wait(10)


def _group(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name


def _wait(port: int, folder: Path) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    log = folder / "log"
    raise AssertionError(f"no server: {log.read_text() if log.exists() else 'no log'}")
