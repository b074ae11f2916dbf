"""Prints the reference values of tests/review/agreement.test.ts that Python has: krippendorff, scikit-learn, irrCAC. Run by hand:

    pip install krippendorff scikit-learn irrcac && python3 tests/review/references/agreement.py > tests/review/references/agreement-python.json

The readers are those of `scripted` in agreement.R.
"""

import json
from importlib.metadata import version

import krippendorff
import pandas
from irrCAC.raw import CAC
from sklearn.metrics import cohen_kappa_score

cards = range(1, 61)
first = [((7 * i) % 11) % 3 + 1 for i in cards]
second = [
    one % 3 + 1 if i % 5 == 0 else (one + 1) % 3 + 1 if i % 9 == 0 else one for i, one in zip(cards, first)
]
frame = pandas.DataFrame(list(zip(first, second))).astype(float)
ac2 = CAC(frame, weights="quadratic", categories=[1, 2, 3], digits=12).gwet()["est"]["coefficient_value"]
print(
    json.dumps(
        {
            "versions": {name: version(name) for name in ("krippendorff", "scikit-learn", "irrcac")},
            "first": first,
            "second": second,
            "kappa": float(cohen_kappa_score(first, second)),
            "quadratic": float(cohen_kappa_score(first, second, weights="quadratic")),
            "ordinal": float(krippendorff.alpha(reliability_data=[first, second], level_of_measurement="ordinal")),
            "ac2": float(ac2),
        }
    )
)
