"""Prints the reference values of clusters, of groups and of sums: statsmodels, every dealing out counted, and math.fsum. Run by hand:

    pip install statsmodels && python3 tests/stats/reference_clusters.py > tests/stats/reference-clusters.json
"""

import itertools
import json
import math

import numpy
import statsmodels
import statsmodels.api as sm

CLUSTERED = [
    ([0.5, -0.2, 0.3, 0.9, 0.0, 0.4, -0.1, 0.6], [0, 0, 1, 1, 2, 2, 3, 3]),
    ([1, 1, 0, -1, 1, 0, 0, 1, 1, 1, -1, 0], [0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 4, 5]),
    ([0.33, 0.31, 0.35, -0.67, -0.6, 0.01, 1.0, 0.33, 0.21], [0, 0, 0, 1, 1, 2, 3, 4, 5]),
]
GROUPED = [
    [[0.5, 0.4, 0.6], [0.1, -0.2, 0.0, 0.15]],
    [[1, 0, 1], [0, 0, -1], [0, 1]],
    [[0.1, 0.2, 0.3, 0.4], [0.15, 0.25, 0.35, 0.45]],
]
SUMS = [
    [0.1] * 10,
    [1e100, 1.0, -1e100, 1e-100],
    [1e16, 1.0, 1.0, -1e16],
    [0.1, 0.2, 0.3, -0.6],
    [(-1) ** n / (2 * n + 1) * 10.0 ** (n % 30) for n in range(200)],
]


def clustered(values, clusters, level):
    fit = sm.OLS(values, numpy.ones(len(values))).fit(
        cov_type="cluster", cov_kwds={"groups": numpy.array(clusters), "df_correction": True}, use_t=True
    )
    return list(map(float, fit.conf_int(1 - level)[0]))


def dealt(groups):
    """Share of all ways to deal the values out to groups of these sizes whose F is as large or larger."""
    values = [value for group in groups for value in group]
    mean = math.fsum(values) / len(values)
    total = math.fsum((value - mean) ** 2 for value in values)

    def f(parts):
        between = math.fsum(len(part) * (math.fsum(part) / len(part) - mean) ** 2 for part in parts)
        within = total - between
        return math.inf if within <= 1e-12 * total else (between / (len(parts) - 1)) / (within / (len(values) - len(parts)))

    def deals(left, sizes):
        if len(sizes) == 1:
            yield [left]
            return
        for chosen in itertools.combinations(left, sizes[0]):
            for rest in deals([i for i in left if i not in chosen], sizes[1:]):
                yield [list(chosen), *rest]

    seen = f(groups) * (1 - 1e-9)
    all_of_them = [f([[values[i] for i in part] for part in deal]) for deal in deals(list(range(len(values))), [len(g) for g in groups])]
    return sum(one >= seen for one in all_of_them) / len(all_of_them)


print(
    json.dumps(
        {
            "versions": [numpy.__version__, statsmodels.__version__],
            "clustered": [
                {"values": values, "clusters": clusters, "level": level, "interval": clustered(values, clusters, level)}
                for values, clusters in CLUSTERED
                for level in (0.95, 0.99)
            ],
            "grouped": [{"groups": groups, "p": dealt(groups)} for groups in GROUPED],
            "sums": [{"values": values, "sum": math.fsum(values)} for values in SUMS],
        },
        indent=1,
    )
)
