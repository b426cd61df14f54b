"""Where messages that came back lie: standard input, files, a Maildir, or a folder on an IMAP server.

A message is handed out, and marked as read when the caller comes for the next: what fails in between is read
again. None is ever deleted.
"""

from digest.mailboxes.files import read_path, read_stream
from digest.mailboxes.imap import read_imap

__all__ = ["read_imap", "read_path", "read_stream"]
