"""The file of an edition: what editors change, and what is sent. ``parse(write(edition)) == edition``."""

from digest.editions.reading import parse
from digest.editions.writing import write

__all__ = ["parse", "write"]
