"""What comes back of mails that were sent: bounces and complaints by mail, and what providers tell. Pure.

statuses     what a status says of an address
mail         a message that came back
reports      its standard forms (RFC 3464, RFC 5965)
prose        what servers write in words
providers    what providers post to a web address, proven first
"""

from digest.bounces.mail import Reading, read_mail
from digest.bounces.statuses import kind_of

__all__ = ["Reading", "kind_of", "read_mail"]
