"""Prints the reference values of tests/review/bradley-terry.test.ts: choix on the same wins. Run by hand:

    pip install choix && python3 tests/review/references/bradley_terry.py > tests/review/references/bradley-terry.json

`wins[a][b]`: how often a was preferred to b; a tie is half a win for each. `baseball` is the table of A. Agresti, "Categorical
Data Analysis" (1990), p. 437, that D. Hunter (2004) and R's BradleyTerry2 take as their example.
"""

import json
from importlib.metadata import version

import choix
import numpy

SETS = {
    "three": [[0, 7.5, 9], [4.5, 0, 6.5], [3, 5.5, 0]],
    "two": [[0, 11.5], [8.5, 0]],
    # Milwaukee, Detroit, Toronto, New York, Boston, Cleveland, Baltimore: each played each thirteen times.
    "baseball": [
        [0, 7, 9, 7, 7, 9, 11],
        [6, 0, 7, 5, 11, 9, 9],
        [4, 6, 0, 7, 7, 8, 12],
        [6, 8, 6, 0, 6, 7, 10],
        [6, 2, 6, 7, 0, 7, 12],
        [4, 4, 5, 6, 6, 0, 6],
        [2, 4, 1, 3, 1, 7, 0],
    ],
}


def fit(wins):
    """choix takes `comp_mat[i, j]`, how often i won against j, and centres what it finds."""
    found = choix.ilsr_pairwise_dense(numpy.array(wins, dtype=float), max_iter=10_000, tol=1e-12)
    return [float(one) for one in found - found.mean()]


print(
    json.dumps(
        {
            "versions": {"choix": version("choix"), "numpy": version("numpy")},
            "sets": {name: {"wins": wins, "logs": fit(wins)} for name, wins in SETS.items()},
        }
    )
)
