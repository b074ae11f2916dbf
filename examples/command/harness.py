"""One attempt: the task as JSON on stdin, the result as JSON on stdout. Whatever goes to stderr is kept in the record."""

import json
import sys

from asking import ask

task = json.load(sys.stdin)
print("asking about", task["scenario"]["id"], file=sys.stderr)
answer = ask(task)
choice = answer["choices"][0]
print(
    json.dumps(
        {
            "text": choice["message"]["content"] or "",
            "finish_reason": choice["finish_reason"],
            "model": answer["model"],
            "usage": {
                "input_tokens": answer["usage"]["prompt_tokens"],
                "output_tokens": answer["usage"]["completion_tokens"],
            },
        }
    )
)
