"""The sample's podcast: a chime of a second and a half, since a voice cannot be drawn."""

from __future__ import annotations

import io
import math
import wave
from array import array
from functools import lru_cache

RATE = 8000
#: Three notes of a bell: hertz, and when each begins in seconds.
NOTES = ((523.25, 0.0), (659.25, 0.25), (783.99, 0.5))


@lru_cache(maxsize=1)
def chime() -> bytes:
    """A mono WAV of 16 bits a sample."""
    samples = array("h", (round(9000 * _loudness(index / RATE)) for index in range(RATE * 3 // 2)))
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(samples.tobytes())
    return target.getvalue()


def _loudness(second: float) -> float:
    return sum(
        math.sin(2 * math.pi * hertz * (second - begin)) * math.exp(-4 * (second - begin))
        for hertz, begin in NOTES
        if second >= begin
    )
