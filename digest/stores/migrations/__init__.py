"""How a database in use becomes what ``schema`` says; one file in ``versions`` a change, run at open.

A migration stands by itself: it names columns and plain types, and never imports ``schema``, which goes
on changing.
"""
