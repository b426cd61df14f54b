"""Words: plain text, what can be told from it, and how the program writes its own. Pure."""
