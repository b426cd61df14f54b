"""The day's articles: from the feeds into the store, and what becomes of the feeds."""
