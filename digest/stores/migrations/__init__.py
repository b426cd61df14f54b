"""Migrations: bring a database in use to what ``schema`` says; one file per change, run when it is opened.

A migration is self-contained: it names columns and plain types, and never imports ``schema``, which goes
on changing.
"""
