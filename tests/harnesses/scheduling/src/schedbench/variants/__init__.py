"""The variants by name."""
from __future__ import annotations

from schedbench.models import ToolVariant
from schedbench.variants import applike, baseline

VARIANTS = {
    "baseline": baseline.VARIANT,
    "applike": applike.VARIANT,
}


def get_variant(name: str) -> ToolVariant:
    """Raises KeyError for a name that is none."""
    return VARIANTS[name]
