"""Runs real Splink 5 on the benchmark's records and model.

    splink_driver.py TASK.json

TASK.json is {"settings", "records", "links", "threads", "threshold", "duckdb"}:
a Splink settings file, a Parquet file, the CSV file to write links to (a, b,
match weight in bits), the number of DuckDB threads, the least match weight and
the version of DuckDB that the other side runs. The phases, each with processor and wall seconds, and the peak memory go to stdout
as JSON.

Term frequencies are registered as shares of all records, as Concord counts
them; Splink's own are shares of the records that hold a value.
"""

import json
import logging
import resource
import sys
import time

import duckdb
from splink import DuckDBAPI, Linker


class Clock:
    """Measures the process by phases; the first begins with the process."""

    def __init__(self):
        self.cpu, self.wall, self.phases = 0.0, time.time(), []

    def phase(self, name):
        usage = resource.getrusage(resource.RUSAGE_SELF)
        cpu, wall = usage.ru_utime + usage.ru_stime, time.time()
        self.phases.append({"Name": name, "CPU": cpu - self.cpu, "Wall": wall - self.wall})
        self.cpu, self.wall = cpu, wall
        self.peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def frequency_columns(settings):
    """The columns that some level adjusts for the frequency of a value."""
    columns = set()
    for comparison in settings["comparisons"]:
        for level in comparison["comparison_levels"]:
            columns.add(level.get("tf_adjustment_column"))
    return sorted(columns - {None})


def register_frequencies(linker, api, connection, settings):
    for column in frequency_columns(settings):
        table = f"frequency_{column}"
        connection.execute(
            f"CREATE TABLE {table} AS SELECT {column}, "
            f"count(*) / (SELECT count(*) FROM records)::DOUBLE AS tf_{column} "
            f"FROM records WHERE {column} IS NOT NULL GROUP BY {column}"
        )
        linker.table_management.register_term_frequency_lookup(api.register(table), column)


def main(path):
    clock = Clock()
    with open(path, encoding="utf-8") as f:
        task = json.load(f)
    if duckdb.__version__ != task["duckdb"]:
        sys.exit(f"duckdb is {duckdb.__version__} here and {task['duckdb']} on the other side: pip install duckdb=={task['duckdb']}")
    with open(task["settings"], encoding="utf-8") as f:
        settings = json.load(f)
    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect()
    connection.execute(f"SET threads = {int(task['threads'])}")
    connection.execute("CREATE TABLE records AS SELECT * FROM read_parquet($1)", [task["records"]])
    api = DuckDBAPI(connection=connection)
    linker = Linker(api.register("records"), settings, log_level=None)
    register_frequencies(linker, api, connection, settings)
    clock.phase("load")
    predictions = linker.inference.predict(
        threshold_match_weight=task["threshold"], warning_mode="never"
    )
    clock.phase("match")
    connection.execute(
        f"COPY (SELECT record_l AS a, record_r AS b, match_weight FROM {predictions.physical_name}) TO $1 (FORMAT csv)",
        [task["links"]],
    )
    print(json.dumps({"Phases": clock.phases, "Peak": clock.peak}))


if __name__ == "__main__":
    main(sys.argv[1])
