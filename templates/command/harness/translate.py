"""One attempt: the task as JSON on stdin, the result as JSON on stdout. What goes to stderr is kept in the record.

Standard library only. Replace `ask` by whatever your program does today.
"""

import json
import os
import sys
import urllib.request


def ask(task, messages):
    provider = task["provider"]
    key = os.environ.get(provider["api_key_env"] or "", "none")
    body = {"model": task["model"], "messages": messages, "temperature": task["temperature"]}
    request = urllib.request.Request(
        provider["base_url"] + "/chat/completions",
        data=json.dumps({name: value for name, value in body.items() if value is not None}).encode(),
        headers={"content-type": "application/json", "authorization": "Bearer " + key},
    )
    with urllib.request.urlopen(request, timeout=task["timeout_ms"] / 1000) as answer:
        return json.load(answer)


def main():
    task = json.load(sys.stdin)
    print("translating", task["scenario"]["id"], file=sys.stderr)
    answer = ask(task, task["messages"])
    choice = answer["choices"][0]
    text = (choice["message"]["content"] or "").strip().strip('"')
    result = {"text": text, "finish_reason": choice["finish_reason"], "model": answer["model"]}
    usage = answer["usage"]
    result["usage"] = {"input_tokens": usage["prompt_tokens"], "output_tokens": usage["completion_tokens"]}
    json.dump(result, sys.stdout)


main()
