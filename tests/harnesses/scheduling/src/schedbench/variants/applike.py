"""Two apps: a calendar and reminders."""
from __future__ import annotations

from langchain_core.tools import tool

from schedbench.models import ToolVariant


@tool
def calendar_create_event(title: str, start: str, repeat: str = "") -> str:
    """Create an event in the Calendar app, at a time that is fixed."""
    return f"event {title} at {start}"


@tool
def reminders_create(title: str, due: str = "") -> str:
    """Create a reminder in the Reminders app; it will notify the user."""
    return f"reminder {title}"


VARIANT = ToolVariant(
    name="applike",
    system_prompt="You are an assistant with a Calendar app and a Reminders app. Use them where something is to be kept.",
    tools=[calendar_create_event, reminders_create],
)
