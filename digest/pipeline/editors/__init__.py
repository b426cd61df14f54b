"""The editors: what they are told, and how the newsletter is doing."""
