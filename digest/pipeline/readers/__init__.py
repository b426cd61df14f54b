"""The readers: what they ask for themselves, and what comes back from their mail servers."""
