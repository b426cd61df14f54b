"""A morning news digest by email: feeds in, an edition for editors, mails out."""

__version__ = "0.1.0"
