"""The call itself, with nothing but the standard library."""

import json
import urllib.request


def ask(task):
    body = {"model": task["model"], "messages": task["messages"], "temperature": task["temperature"]}
    request = urllib.request.Request(
        task["provider"]["base_url"] + "/chat/completions",
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json", "authorization": "Bearer none"},
    )
    with urllib.request.urlopen(request, timeout=task["timeout_ms"] / 1000) as answer:
        return json.load(answer)
