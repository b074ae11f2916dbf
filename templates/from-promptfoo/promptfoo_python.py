"""Calls a function as promptfoo's Python provider does: call_api(prompt, options, context) -> {"output": ...}.

The task comes as JSON on stdin, the result goes as JSON to stdout; what the function prints goes to stderr, into the record.
"""

import asyncio
import contextlib
import importlib.util
import inspect
import json
import os
import sys


def load(file):
    sys.path.insert(0, os.path.dirname(os.path.abspath(file)))
    spec = importlib.util.spec_from_file_location("promptfoo_provider", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def prompt_of(messages):
    only = messages[0]
    if len(messages) == 1 and only["role"] == "user" and isinstance(only["content"], str):
        return only["content"]
    return json.dumps(messages)


def main():
    config, file, name = sys.argv[1:4]
    task = json.load(sys.stdin)
    # A variable called input is the scenario's own.
    variables = {"input": task["scenario"].get("input"), **task["scenario"]["vars"]}
    with contextlib.redirect_stdout(sys.stderr):
        function = getattr(load(file), name)
        said = function(prompt_of(task["messages"]), {"config": json.loads(config)}, {"vars": variables})
        if inspect.isawaitable(said):
            said = asyncio.run(said)
    if said.get("error"):
        return {"error": {"message": str(said["error"]), "retryable": False}}
    output = said.get("output")
    result = {"text": output if isinstance(output, str) else json.dumps(output)}
    usage = said.get("tokenUsage") or {}
    if usage.get("prompt") and usage.get("completion") is not None:
        result["usage"] = {"input_tokens": usage["prompt"], "output_tokens": usage["completion"]}
    return result


print(json.dumps(main()))
