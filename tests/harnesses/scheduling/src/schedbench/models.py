"""What the harness talks about."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Scenario:
    """One thing a user may say."""

    id: str
    prompt: str
    category: str
    description: str = ""
    expected_tool: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class ToolVariant:
    """One way of giving tools to the model."""

    name: str
    system_prompt: str
    tools: list[Any] = field(default_factory=list)


@dataclass
class Reply:
    """What the model answered."""

    text: str
    tool_calls: list[dict[str, Any]]
    input_tokens: int
    output_tokens: int
    model: str
