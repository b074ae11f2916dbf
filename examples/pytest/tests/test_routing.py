import json

import pytest

from assistant import ask
from cases import CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
@pytest.mark.parametrize("variant", ["baseline", "applike"])
def test_routing(variant, case, expgraph):
    """The assistant calls a tool where it should, and asks back where it should not."""
    answer = ask(
        expgraph.provider["base_url"],
        variant=variant,
        text=case["input"],
        model=expgraph.model,
        temperature=expgraph.temperature,
    )
    message = answer["choices"][0]["message"]
    calls = [call["function"] for call in message.get("tool_calls") or []]
    expgraph.record(
        message["content"] or "",
        tool_calls=[{"name": call["name"], "arguments": json.loads(call["arguments"])} for call in calls],
        usage={
            "input_tokens": answer["usage"]["prompt_tokens"],
            "output_tokens": answer["usage"]["completion_tokens"],
        },
    )
    assert bool(calls) == case["acts"]
