"""The ways to the editors, all behind ``ports.Teller``: a mail each, and their chats."""
