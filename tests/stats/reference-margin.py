# What statsmodels says of margins: `python tests/stats/reference-margin.py > tests/stats/reference-margin.json`.
# Two one-sided paired t tests over differences and the scenarios more that src/stats/margin.ts adds.
import json
import numpy as np
from statsmodels.stats.weightstats import DescrStatsW

def widened(differences, kind):
    d = np.array(differences, dtype=float)
    if kind == "pass":
        return np.concatenate([d, [1, -1, 1, -1]])
    far = np.max(np.abs(d - d.mean()))
    return np.concatenate([d, [d.mean() + far, d.mean() - far]])

CASES = [
    ("pass", [0] * 20, 0.05),
    ("pass", [0] * 200, 0.05),
    ("pass", [1, -1, 0, 0, 1, 0, 0, 0, -1, 0, 0, 0], 0.3),
    ("pass", [1 / 3, -1 / 3, 0, 0, 2 / 3, 0, 0, 0, -1 / 3, 0] * 5, 0.1),
    ("bounded", [0.01, -0.02, 0.03, 0.0, 0.05, -0.04, 0.02, -0.01], 0.05),
    ("amount", [12.5, -3.0, 40.0, 7.0, -12.0, 22.0], 50),
]

rows = []
for kind, differences, margin in CASES:
    d = DescrStatsW(widened(differences, kind))
    p, above, below = d.ttost_mean(-margin, margin)
    low, high = d.tconfint_mean(alpha=0.1)
    rows.append({"kind": kind, "differences": differences, "margin": margin, "same": p,
                 "above": above[1], "below": below[1], "low": low, "high": high})
print(json.dumps(rows, indent=1))
