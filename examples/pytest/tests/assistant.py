"""The assistant under test: asks a model with the tools of a variant."""

import json
import urllib.request

TIME = {"type": "string"}
TITLE = {"type": "string"}


def tool(name, description, **properties):
    parameters = {"type": "object", "properties": properties, "required": ["title"]}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": parameters}}


TOOLS = {
    "baseline": [tool("schedule_task", "Schedules a task.", title=TITLE, start=TIME, recurrence=TIME)],
    "applike": [
        tool("create_event", "Creates an event in the calendar.", title=TITLE, start=TIME, end=TIME),
        tool("create_reminder", "Creates a reminder.", title=TITLE, due=TIME),
    ],
}


def ask(base_url, *, variant, text, model, temperature):
    body = {
        "model": model,
        "temperature": temperature,
        "tools": TOOLS[variant],
        "messages": [
            {"role": "system", "content": "You schedule things. Today is 2026-02-15, a Sunday."},
            {"role": "user", "content": text},
        ],
    }
    request = urllib.request.Request(
        base_url + "/chat/completions",
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json", "authorization": "Bearer none"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)
