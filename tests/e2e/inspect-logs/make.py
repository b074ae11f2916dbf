"""Makes the logs beside it, by Inspect itself and without a model: pip install inspect_ai, then python make.py.

The answers are written here, so is all that is asked; nothing is fetched.
"""

import os
import shutil
import tempfile

import tiktoken

# Tokens of its model that is none are counted by a table from the network.
tiktoken.get_encoding = lambda name: type("Words", (), {"encode": lambda self, text, **options: text.split()})()

from inspect_ai import Epochs, Task, eval, task  # noqa: E402
from inspect_ai.dataset import MemoryDataset, Sample  # noqa: E402
from inspect_ai.model import ChatMessageSystem, ChatMessageUser, GenerateConfig, ModelOutput, get_model  # noqa: E402
from inspect_ai.scorer import choice, includes, model_graded_qa  # noqa: E402
from inspect_ai.solver import generate, multiple_choice, prompt_template, system_message  # noqa: E402


@task
def capitals():
    return Task(
        dataset=MemoryDataset(
            [
                Sample(id="fr", input="What is the capital of France?", target="Paris", metadata={"region": "Europe"}),
                Sample(input=[ChatMessageSystem(content="Be brief."), ChatMessageUser(content="Capital of Peru?")], target=["Lima", "Lima, Peru"]),
                Sample(id="long", input="A long story. " * 40 + "Where?", target="Nowhere", metadata={"region": "none"}),
            ]
        ),
        solver=[
            system_message("You know {region}."),
            system_message("You are kind."),
            prompt_template("Question: {prompt}"),
            prompt_template("{prompt}\n\nAnswer in one word."),
            generate(temperature=0.3),
        ],
        scorer=[includes(), model_graded_qa(model="mockllm/model")],
        epochs=Epochs(2, "mean"),
        config=GenerateConfig(max_tokens=64, top_p=0.9),
    )


@task
def letters():
    return Task(
        dataset=[
            Sample(input="Which is a fruit?", choices=["stone", "apple", "sea"], target="B", id=1),
            Sample(input="Which is wet?", choices=["stone", "apple", "sea"], target="C", id=2),
        ],
        solver=multiple_choice(),
        scorer=choice(),
    )


def answers(*texts):
    return get_model("mockllm/model", custom_outputs=[ModelOutput.from_content("mockllm/model", text) for text in texts])


here = os.path.dirname(os.path.abspath(__file__))
with tempfile.TemporaryDirectory() as folder:
    for made, model in ((capitals(), answers(*["Paris"] * 20)), (letters(), answers("ANSWER: B", "ANSWER: A"))):
        (log,) = eval(made, model=model, log_dir=folder, log_format="eval", display="none")
        shutil.move(log.location.removeprefix("file://"), os.path.join(here, f"{log.eval.task}.eval"))
