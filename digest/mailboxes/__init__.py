"""Where messages that came back are found: standard input, files, a Maildir, or a folder on an IMAP server.

A message is marked as read only when the caller asks for the next: if something fails in between, it is read
again. None is ever deleted.
"""

from digest.mailboxes.files import read_path, read_stream
from digest.mailboxes.imap import read_imap

__all__ = ["read_imap", "read_path", "read_stream"]
