"""How many examples a test asks hypothesis for that wants more or fewer of them than the others do."""

from typing import Any

from hypothesis import settings

USUAL = 60


def examples(number: int, **given: Any) -> settings:
    """``number`` where hypothesis tries as hard as usual, and in proportion where the profile asks for less or for more.

    A number in ``settings`` itself stands whatever the profile says: the quick one would not be quick, nor the thorough one
    thorough. ``given``: what else ``settings`` takes.
    """
    return settings(max_examples=max(1, number * settings().max_examples // USUAL), **given)
