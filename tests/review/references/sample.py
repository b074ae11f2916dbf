"""Prints the reference values of tests/e2e/review-sample.test.ts that Python has: krippendorff and scikit-learn. Run by hand:

    pip install krippendorff scikit-learn && python3 tests/review/references/sample.py > tests/review/references/sample-python.json

The readers are those of sample.R.
"""

import json
from importlib.metadata import version

import krippendorff
from sklearn.metrics import cohen_kappa_score

cards = range(1, 45)
tools = [((7 * i) % 11) % 3 + 1 for i in cards]
natural = [((5 * i) % 13) % 3 + 1 for i in cards]
said = {
    "tool_selection": (tools, [one % 3 + 1 if i % 5 == 0 else one for i, one in zip(cards, tools)]),
    "naturalness": (natural, [max(1, one - 1) if i % 7 == 0 else one for i, one in zip(cards, natural)]),
}
print(
    json.dumps(
        {"versions": {name: version(name) for name in ("krippendorff", "scikit-learn")}}
        | {
            name: {
                "quadratic": float(cohen_kappa_score(ana, ben, weights="quadratic")),
                "ordinal": float(krippendorff.alpha(reliability_data=[ana, ben], level_of_measurement="ordinal")),
            }
            for name, (ana, ben) in said.items()
        },
        indent=2,
    )
)
