# Inspect AI beside expgraph: so many samples of one question each, its openai provider and its defaults, against the address that
# is named. Prints one JSON line: how long it took, and how many samples have an answer.
#   python3 inspect_side.py http://127.0.0.1:PORT/v1 600 FOLDER
import json
import sys
import time

started = time.monotonic()

from inspect_ai import Task, eval  # noqa: E402, A004
from inspect_ai.dataset import MemoryDataset, Sample  # noqa: E402

url, samples, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
data = MemoryDataset(
    [Sample(input=f"scenario number {i}: what is a good time for a walk?") for i in range(samples)]
)
[log] = eval(
    Task(dataset=data),
    model="openai/sim-small",
    model_base_url=url,
    model_args={"api_key": "none", "responses_api": False},
    display="none",
    log_dir=folder,
)
answered = sum(1 for one in log.samples or [] if one.output.completion)
print(json.dumps({"seconds": time.monotonic() - started, "answered": answered, "status": log.status}))
