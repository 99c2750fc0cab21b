"""How many examples a test tries: what it says, or few of them in the profile `quick` of hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import settings

FEW = 20


def tries(examples: int, **more: Any) -> settings:
    """Return the settings of a test that tries *examples*, which may take as long as they like."""
    quick = settings.get_profile("quick").max_examples == settings().max_examples
    return settings(max_examples=min(examples, FEW) if quick else examples, deadline=None, **more)


settings.register_profile("quick", max_examples=FEW, deadline=None)
