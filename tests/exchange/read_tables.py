"""How Python's csv, pandas and DuckDB read one CSV file: rows and one column, as one JSON document on stdout."""

import csv
import json
import sys

import duckdb
import pandas

file, column, delimiter = sys.argv[1:4]
csv.field_size_limit(1 << 30)
with open(file, newline="", encoding="utf-8-sig") as opened:
    rows = list(csv.DictReader(opened, delimiter=delimiter))
frame = pandas.read_csv(file, sep=delimiter, keep_default_na=False, encoding="utf-8-sig")
relation = duckdb.read_csv(file, sep=delimiter, header=True, all_varchar=True)
told = duckdb.sql(f'SELECT "{column}" FROM relation').fetchall()
sniffed = duckdb.sql(f"SELECT count(*) FROM read_csv('{file}')").fetchall()[0][0]
print(
    json.dumps(
        {
            "columns": [list(rows[0]), list(frame.columns), relation.columns],
            "csv": [row[column] for row in rows],
            "pandas": [str(value) for value in frame[column]],
            "duckdb": ["" if value is None else value for (value,) in told],
            "sniffed": sniffed,
            "numbers": str(frame["latency_ms"].dtype) if "latency_ms" in frame else None,
        }
    )
)
