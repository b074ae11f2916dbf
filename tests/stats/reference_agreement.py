"""Prints the reference values of tests/stats/agreement.test.ts: scikit-learn, krippendorff and irrCAC on the same inputs.
Run by hand:

    pip install scikit-learn krippendorff irrcac && python3 tests/stats/reference_agreement.py > tests/stats/reference-agreement.json

`example` is the one of K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), part C: four observers, twelve
units, missing ratings. `two` is a pair of raters with three levels; `votes` are three votes with hardly a "no" among them.
"""

import json
from importlib.metadata import version

import krippendorff
import numpy
import pandas
from irrCAC.raw import CAC
from sklearn.metrics import cohen_kappa_score

NO = None
TWO = [[0, 0]] * 8 + [[1, 1]] * 5 + [[2, 2]] * 3 + [[0, 1]] * 3 + [[1, 0]]
EXAMPLE = [
    [1, 1, NO, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
    [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [NO, 5, 5, 5], [NO, NO, 1, 1], [NO, NO, 3, NO],
]
VOTES = [[1, 1, 1]] * 17 + [[1, 1, 0], [0, 1, 1], [1, 0, 0]]


def frame(rows):
    return pandas.DataFrame([[numpy.nan if one is None else one for one in row] for row in rows])


def alpha(rows, level):
    data = frame(rows).to_numpy(dtype=float).T
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement=level))


def gwet(rows, weights, categories):
    found = CAC(frame(rows).astype("Float64").astype(float), weights=weights, categories=categories, digits=12)
    return float(found.gwet()["est"]["coefficient_value"])


def kappa(rows, weights):
    return float(cohen_kappa_score([a for a, _ in rows], [b for _, b in rows], weights=weights))


print(
    json.dumps(
        {
            "versions": {name: version(name) for name in ("scikit-learn", "krippendorff", "irrcac")},
            "two": TWO,
            "example": EXAMPLE,
            "votes": VOTES,
            "kappa": {name: kappa(TWO, name if name != "nominal" else None) for name in ("nominal", "linear", "quadratic")},
            "alpha": {
                of: {level: alpha(rows, level) for level in ("nominal", "ordinal", "interval")}
                for of, rows in (("two", TWO), ("example", EXAMPLE), ("votes", VOTES))
            },
            "gwet": {
                of: {
                    name: gwet(rows, weights, categories)
                    for name, weights in (("nominal", "identity"), ("linear", "linear"), ("quadratic", "quadratic"))
                }
                for of, rows, categories in (("two", TWO, [0, 1, 2]), ("example", EXAMPLE, [1, 2, 3, 4, 5]), ("votes", VOTES, [0, 1]))
            },
        }
    )
)
