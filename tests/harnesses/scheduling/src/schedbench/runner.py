"""Asks the model."""
from __future__ import annotations

from typing import Any

from langchain_anthropic import ChatAnthropic
from langchain_core.messages import HumanMessage, SystemMessage

from schedbench.models import Reply, Scenario, ToolVariant

MODEL = "claude-haiku-4-5"
TEMPERATURE = 0.2


def build_prompt(scenario: Scenario) -> str:
    """The text that the user is taken to say."""
    return f"[2026-02-15 10:00 UTC]\n{scenario.prompt}"


async def ask(variant: ToolVariant, scenario: Scenario) -> Reply:
    """One call, no tool is run."""
    model = ChatAnthropic(model=MODEL, temperature=TEMPERATURE, max_tokens=512)
    answer = await model.bind_tools(variant.tools).ainvoke(
        [SystemMessage(variant.system_prompt), HumanMessage(build_prompt(scenario))]
    )
    usage: Any = answer.usage_metadata or {}
    return Reply(
        text=answer.text if isinstance(answer.text, str) else answer.text(),
        tool_calls=[{"name": call["name"], "args": call["args"]} for call in answer.tool_calls],
        input_tokens=usage.get("input_tokens", 0),
        output_tokens=usage.get("output_tokens", 0),
        model=MODEL,
    )
