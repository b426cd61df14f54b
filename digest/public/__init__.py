"""`digest web`: the pages that readers come to."""
