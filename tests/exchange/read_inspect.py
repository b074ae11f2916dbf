"""What inspect_ai itself finds in a folder of logs, as one JSON document on stdout."""

import json
import subprocess
import sys
from os import path

from inspect_ai.analysis import evals_df, events_df, messages_df, samples_df
from inspect_ai.log import list_eval_logs, read_eval_log, read_eval_log_sample_summaries

folder = sys.argv[1]
listed = list_eval_logs(folder)
inspect = path.join(path.dirname(sys.executable), "inspect")
command = subprocess.run(
    [inspect, "log", "list", "--json", "--absolute", "--log-dir", folder], capture_output=True, text=True
)


def log_of(name):
    log = read_eval_log(name)
    header = read_eval_log(name, header_only=True)
    return {
        "file": path.basename(name),
        "version": log.version,
        "status": log.status,
        "error": log.error and log.error.message,
        "task": log.eval.task,
        "task_args": log.eval.task_args,
        "model": log.eval.model,
        "tags": log.tags,
        "config": log.eval.model_generate_config.model_dump(exclude_none=True),
        "epochs": log.eval.config.epochs,
        "reducer": log.eval.config.epochs_reducer,
        "sample_ids": log.eval.dataset.sample_ids,
        "results": log.results.model_dump(exclude_none=True),
        "header_results": header.results.model_dump(exclude_none=True),
        "reductions": [one.model_dump(exclude_none=True) for one in log.reductions or []],
        "stats": log.stats.model_dump(exclude_none=True),
        "samples": [sample.model_dump(exclude_none=True) for sample in log.samples or []],
        "summaries": len(read_eval_log_sample_summaries(name)),
    }


def frame(df):
    return json.loads(df.to_json(orient="records", date_format="iso"))


print(
    json.dumps(
        {
            "listed": [{"task": one.task, "task_id": one.task_id} for one in listed],
            "command": len(json.loads(command.stdout)),
            "logs": [log_of(one.name) for one in listed],
            "evals": frame(evals_df(folder, strict=True)),
            "samples": frame(samples_df(folder, strict=True)),
            "messages": frame(messages_df(folder)),
            "events": len(events_df(folder)),
        },
        default=str,
    )
)
