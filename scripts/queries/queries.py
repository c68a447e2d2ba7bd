"""Runs the SQL of a README on the outputs of a run, in every engine that is there.

    python3 queries.py README.md OUTPUT_FOLDER

DuckDB runs the three queries as they are written. Polars and PyArrow compute
the same from the files, by their own means, and Spark runs the SQL in its own
dialect. Engines that are not installed are named and left out; any that are
there must agree. Exits with 3 when DuckDB is not there, 1 when two disagree.
"""

import glob
import importlib.util
import os
import re
import sys


def installed(module):
    return importlib.util.find_spec(module) is not None


def queries(readme):
    blocks = re.findall(r"```sql\n(.*?)```", open(readme, encoding="utf-8").read(), re.S)
    found = [q.strip() for b in blocks for q in b.split(";") if "SELECT" in q]
    if len(found) != 3:
        sys.exit(f"want three queries in {readme}, found {len(found)}")
    return found


def table(rows):
    """Rows in one order, numbers as numbers: what engines are compared by."""
    return sorted(tuple("" if v is None else v for v in row) for row in rows)


def files(snapshot, name):
    return sorted(glob.glob(f"snapshots/{snapshot}/as_of=*/{name}/*.parquet"))


def by_duckdb(sql):
    import duckdb

    return [table(duckdb.sql(q).fetchall()) for q in sql]


def by_polars(_):
    import datetime

    import polars as pl

    now = datetime.datetime.now(datetime.timezone.utc)
    points = pl.concat([pl.read_parquet(f) for f in files("email_marketing", "contact_points")])
    reached = points.filter(
        pl.col("may_email_marketing") & (pl.col("kind") == "email")
        & (pl.col("consent_valid_until").is_null() | (pl.col("consent_valid_until") > now))
    )
    first = reached.group_by("brand").agg(pl.len(), pl.col("profile_id").n_unique().alias("people"))
    cells = pl.concat([pl.read_parquet(f) for f in files("email_marketing", "profile_consents")])
    why = cells.filter(~pl.col("allowed")).select("profile_id", "brand", "reasons").explode("reasons")
    second = why.group_by("brand", "reasons").agg(pl.col("profile_id").n_unique())
    people = pl.concat([pl.read_parquet(f) for f in files("analytics", "profiles")])
    third = people.group_by("brand", "country").agg(pl.len())
    return [table(f.rows()) for f in (first, second, third)]


def by_pyarrow(_):
    import datetime

    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    def read(snapshot, name):
        return pa.concat_tables([pq.ParquetFile(f).read() for f in files(snapshot, name)])

    now = pa.scalar(datetime.datetime.now(datetime.timezone.utc), pa.timestamp("us", tz="UTC"))
    points = read("email_marketing", "contact_points")
    until = points["consent_valid_until"]
    open_end = pc.or_(pc.is_null(until), pc.fill_null(pc.greater(until, now), False))
    reached = points.filter(pc.and_(pc.and_(points["may_email_marketing"], pc.equal(points["kind"], "email")), open_end))
    first = reached.group_by("brand").aggregate([("value", "count"), ("profile_id", "count_distinct")])
    cells = read("email_marketing", "profile_consents")
    cells = cells.filter(pc.invert(cells["allowed"]))
    parents = pc.list_parent_indices(cells["reasons"])
    why = pa.table({
        "profile_id": pc.take(cells["profile_id"], parents), "brand": pc.take(cells["brand"], parents),
        "reason": pc.list_flatten(cells["reasons"]),
    })
    second = why.group_by(["brand", "reason"]).aggregate([("profile_id", "count_distinct")])
    people = read("analytics", "profiles")
    third = people.group_by(["brand", "country"]).aggregate([("profile_id", "count")])
    out = []
    for t in (first, second, third):
        out.append(table(zip(*[t[c].to_pylist() for c in t.column_names])))
    return out


def by_spark(sql):
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    here = os.getcwd()
    out = []
    for q in sql:
        q = re.sub(r"read_parquet\('([^']*)'\)", lambda m: f"parquet.`{here}/{m.group(1)}`", q)
        q = q.replace("unnest(", "explode(")
        out.append(table(tuple(r) for r in spark.sql(q).collect()))
    spark.stop()
    return out


def main():
    readme, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    os.chdir(folder)
    sql = queries(readme)
    if not installed("duckdb"):
        sys.exit(3)
    want = by_duckdb(sql)
    if not all(want):
        sys.exit("a query of the README finds nothing")
    print("duckdb:", [len(rows) for rows in want], "rows")
    for name, module, run in (("polars", "polars", by_polars), ("pyarrow", "pyarrow", by_pyarrow), ("spark", "pyspark", by_spark)):
        if not installed(module):
            print(name + ": not installed")
            continue
        got = run(sql)
        for i, (a, b) in enumerate(zip(want, got)):
            if a != b:
                print(f"{name}: query {i + 1} differs\n  duckdb {a}\n  {name} {b}")
                sys.exit(1)
        print(name + ": agrees")


main()
