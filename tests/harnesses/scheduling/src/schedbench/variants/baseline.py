"""One programmatic tool with flags."""
from __future__ import annotations

from langchain_core.tools import tool

from schedbench.models import ToolVariant


@tool
def schedule_task(title: str, when: str, notify: bool = False, repeat: str = "") -> str:
    """Schedule a task.

    Set notify to be reminded; leave it off for an event on the calendar.
    """
    return f"scheduled {title} at {when}"


VARIANT = ToolVariant(
    name="baseline",
    system_prompt="You are a task scheduling assistant. Use schedule_task where something is to be scheduled.",
    tools=[schedule_task],
)
