"""The same with the OpenAI SDK; answers are kept as the SDK gives them."""
from __future__ import annotations

import json
from pathlib import Path

import pytest
from openai import AsyncOpenAI

from schedbench.scenarios import ALL_SCENARIOS
from schedbench.variants import VARIANTS

ROOT = Path(__file__).resolve().parent.parent
MODEL = "gpt-5-mini"


def schema_of(one) -> dict:
    return {
        "type": "function",
        "function": {
            "name": one.name,
            "description": one.description,
            "parameters": one.args_schema.model_json_schema(),
        },
    }


@pytest.mark.parametrize("case", ALL_SCENARIOS, ids=lambda case: case.id)
@pytest.mark.parametrize("variant_name", list(VARIANTS))
async def test_openai(variant_name, case, request):
    variant = VARIANTS[variant_name]
    step = request.node.callspec.params.get("__pytest_repeat_step_number", 0)
    messages = [{"role": "system", "content": variant.system_prompt}, {"role": "user", "content": case.prompt}]
    async with AsyncOpenAI() as client:
        answer = await client.chat.completions.create(
            model=MODEL, temperature=0.2, messages=messages, tools=[schema_of(one) for one in variant.tools]
        )
    row = {
        "variant": variant_name,
        "case": case.id,
        "iteration": step + 1,
        "messages": [*messages, answer.choices[0].message.model_dump(exclude_none=True)],
        "usage": answer.usage.model_dump(exclude_none=True),
        "model": answer.model,
    }
    out = ROOT / "out"
    out.mkdir(exist_ok=True)
    with open(out / f"openai_{variant_name}.jsonl", "a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
