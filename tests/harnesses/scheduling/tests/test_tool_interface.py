"""Which tool does the model take?"""
from __future__ import annotations

import time

import pytest
from langsmith import testing as t

from schedbench.models import Scenario
from schedbench.results import ResultsWriter
from schedbench.runner import ask, build_prompt
from schedbench.scenarios import ALL_SCENARIOS
from schedbench.variants import get_variant


@pytest.mark.langsmith
@pytest.mark.parametrize("scenario", ALL_SCENARIOS, ids=lambda scenario: scenario.id)
@pytest.mark.parametrize("variant_name", ["baseline", "applike"])
async def test_routing(variant_name: str, scenario: Scenario, rep: int, results: ResultsWriter) -> None:
    variant = get_variant(variant_name)
    t.log_inputs({"prompt": build_prompt(scenario), "variant": variant_name, "rep": rep})
    started = time.perf_counter()
    reply = await ask(variant, scenario)
    called = [call["name"] for call in reply.tool_calls]
    t.log_outputs({"text": reply.text, "tool_calls": reply.tool_calls})
    results.write(
        variant=variant_name,
        rep=rep,
        scenario_id=scenario.id,
        category=scenario.category,
        description=scenario.description,
        prompt=build_prompt(scenario),
        response_text=reply.text,
        tool_calls=reply.tool_calls,
        input_tokens=reply.input_tokens,
        output_tokens=reply.output_tokens,
        model=reply.model,
        latency_s=round(time.perf_counter() - started, 3),
    )
    acted = bool(called)
    t.log_feedback(key="acted_as_expected", score=acted == (scenario.expected_tool is not None))
    assert acted == (scenario.expected_tool is not None), f"called {called}"
