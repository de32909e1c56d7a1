"""Reads series.csv with pandas and compares it with series.json of the same folder."""

import json
import pathlib
import sys

import pandas

folder = pathlib.Path(sys.argv[1])
# As docs/series.md reads it.
table = pandas.read_csv(
    folder / "series.csv", parse_dates=["date"], dtype={"zone": str}, keep_default_na=False, na_values=[""]
)
rows = json.loads((folder / "series.json").read_text())["rows"]
differing = 0
for (_, line), row in zip(table.iterrows(), rows, strict=True):
    same = line["zone"] == row["zone"] and line["date"].strftime("%Y-%m-%d") == row["date"]
    for name in ("mean", "median", "p25", "valid_percent", "valid_count"):
        value = None if pandas.isna(line[name]) else line[name]
        same = same and (value == row[name] or abs(value - row[name]) < 1e-12)
    differing += not same
monthly = table.set_index("date").groupby("zone")["mean"].resample("MS").mean()
print(json.dumps({"rows": len(table), "differing": differing, "months": int(monthly.groupby("date").ngroups)}))
