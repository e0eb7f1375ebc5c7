"""Runs an engine on a workload several times, and compares the counts of the engines."""
import statistics
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import measuring
from engines.engine import Failed, Job

SHOWN = 5


@dataclass
class Result:
    """The medians of the runs, or why there are none: "timeout" or "failed"; and the rows of each derived table."""
    cpu: float | None = None
    rss: float | None = None
    ended: str | None = None
    message: str = ""
    counts: dict = field(default_factory=dict)


def measure(engine, workload, data, runs, timeout):
    """One run that is not counted, for the files to be in the cache, then `runs` runs; with 0, the first one counts."""
    with tempfile.TemporaryDirectory(prefix="congress-peers-") as scratch:
        job = Job(workload, data.resolve(), Path(scratch))
        output = Path(scratch) / "output.txt"
        measured, counts = [], None
        try:
            command = engine.command(job)
            for _ in range(runs + 1):
                one = measuring.run(command, output, timeout)
                if one.timed_out:
                    return Result(ended="timeout")
                if one.exit_code != 0:
                    raise Failed(f"exit code {one.exit_code}: {(one.errors.splitlines() or ['no message'])[0]}")
                found = engine.counts(job, output)
                if counts not in (None, found):
                    raise Failed("two runs gave different counts")
                measured, counts = [*measured, one], found
        except Failed as failure:
            return Result(ended="failed", message=str(failure))
    counted = measured[1:] or measured
    return Result(statistics.median(one.cpu for one in counted), statistics.median(one.rss for one in counted),
                  counts=counts)


def disagreements(workload, results):
    """Lines that tell which counts differ from the expected ones or, where these are not listed, from the first's."""
    finished = {name: result.counts for name, result in results.items() if result.ended is None}
    if not finished:
        return []
    first = next(iter(finished))
    expected = workload.expected or finished[first]
    source = "expected" if workload.expected else f"{first} has"
    lines = []
    for name, counts in finished.items():
        wrong = [table for table in workload.derived if counts.get(table, 0) != expected.get(table, 0)]
        lines += [f"{workload.name}, {name}: {counts.get(table, 0)} rows of {table}, {source} {expected.get(table, 0)}"
                  for table in wrong[:SHOWN]]
        if len(wrong) > SHOWN:
            lines.append(f"{workload.name}, {name}: and {len(wrong) - SHOWN} more tables")
        total = sum(counts.values())
        if workload.total not in (None, total):
            lines.append(f"{workload.name}, {name}: {total} rows in all, expected {workload.total}")
    return lines
