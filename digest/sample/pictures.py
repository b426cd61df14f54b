"""The pictures of the sample newsroom: flat illustrations, drawn from a scene, a light and a seed.

Nothing is loaded: the same three words give the same bytes on every machine.
"""

from __future__ import annotations

from collections.abc import Callable

from digest.sample import landscapes, townscapes
from digest.sample.sketch import LIGHTS, Sketch

SCENES: dict[str, Callable[[Sketch], None]] = {
    "bank": townscapes.bank,
    "bridge": townscapes.bridge,
    "concerthall": townscapes.concerthall,
    "containers": townscapes.containers,
    "dam": landscapes.dam,
    "forest": landscapes.forest,
    "harbor": townscapes.harbor,
    "island": landscapes.island,
    "lighthouse": landscapes.lighthouse,
    "mountains": landscapes.mountains,
    "nightsky": landscapes.nightsky,
    "parliament": townscapes.parliament,
    "road": landscapes.road,
    "ship": townscapes.ship,
    "skyline": townscapes.skyline,
    "underwater": landscapes.underwater,
    "valley": landscapes.valley,
    "village": townscapes.village,
    "windfarm": landscapes.windfarm,
}


def draw(scene: str, light: str, seed: str) -> bytes:
    """A picture of 1200 by 675 pixels as PNG.

    Raises:
        KeyError: No such scene or light; see ``SCENES`` and ``sketch.LIGHTS``.
    """
    sketch = Sketch(seed, LIGHTS[light])
    SCENES[scene](sketch)
    return sketch.canvas.png()
