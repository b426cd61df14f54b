"""The draft: the day's articles become an edition's file, which the editors may change."""
