#!/usr/bin/env python3
"""Measures our tool and its peers on the same workloads and prints one table. README.md says what is measured."""
import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True

import comparing
import engines
import installing
import report
import workloads

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
TIMEOUT = 120


def main():
    known = workloads.catalogue()
    options = parse(known)
    if options.install:
        installing.install(options.cache)
    chosen = [known[name] for name in options.only]
    with tempfile.TemporaryDirectory(prefix="congress-publish-") as folder:
        if options.congress is None and report.OURS in options.engines:
            options.congress = publish(folder)
        every = engines.every(options.congress, options.cache)
        reasons = {name: every[name].absent() for name in every if name in options.engines}
        absent = {name: reason for name, reason in reasons.items() if reason}
        present = {name: every[name] for name in reasons if name not in absent}
        if not present:
            sys.exit("no engine is there to run:\n" + "\n".join(f"  {name}: {why}" for name, why in absent.items()))
        results, notes = compare(chosen, present, options)
        text = report.markdown(results, present, absent, notes, options.runs)
    print(text, end="")
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    failed = any(result.ended == "failed" for row in results.values() for result in row.values())
    return 1 if notes or failed else 0


def parse(known):
    """The options; a wrong one ends the program with a message."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "congress-peers"
    names = list(engines.every(None, cache))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, metavar="DIR", help="where the facts are made [the cache folder's data]")
    parser.add_argument("--congress", metavar="PATH", help="the tool [published from the repository]")
    parser.add_argument("--only", type=one_of("workload", known), default=list(known), metavar="NAME,...",
                        help=f"workloads: {', '.join(known)}")
    parser.add_argument("--engines", type=one_of("engine", names), default=names, metavar="NAME,...",
                        help=f"engines: {', '.join(names)}")
    parser.add_argument("--runs", type=int, default=3, metavar="N",
                        help="runs after a first one; 0: that one counts [3]")
    parser.add_argument("--out", type=Path, metavar="FILE.md", help="also write the table into a file")
    parser.add_argument("--cache", type=Path, default=cache, metavar="DIR",
                        help="where DuckDB's package and the facts are [congress-peers in the user's cache folder]")
    parser.add_argument("--install", action="store_true", help="install the peers that are missing")
    options = parser.parse_args()
    if options.runs < 0:
        parser.error(f"--runs: {options.runs} is less than 0")
    if options.out and not options.out.resolve().parent.is_dir():
        parser.error(f"--out: there is no folder {options.out.resolve().parent}")
    if options.congress:
        options.congress = str(Path(options.congress).resolve())
        if not os.access(options.congress, os.X_OK) or os.path.isdir(options.congress):
            parser.error(f"--congress: {options.congress} is not a program")
    options.data = options.data or options.cache / "data"
    if options.data.exists() and not options.data.is_dir():
        parser.error(f"--data: {options.data} is not a folder")
    return options


def one_of(what, known):
    """A reader of comma-separated names."""
    def read(text):
        unknown = [name for name in text.split(",") if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"unknown {what}: {', '.join(unknown)}; known are {', '.join(known)}")
        return text.split(",")
    return read


def publish(folder):
    """Builds our tool; the path of its program."""
    print("publishing congress", file=sys.stderr)
    done = subprocess.run(["dotnet", "publish", "tools/congress", "-c", "Release", "-o", folder],
                          cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"dotnet publish failed:\n{done.stdout}{done.stderr}")
    return str(Path(folder) / "congress")


def make(data, workload):
    """Makes the facts of a workload, in a process of its own so that this one stays small."""
    command = [sys.executable, "-B", str(HERE / "workloads.py"), str(data), workload.name]
    if subprocess.run(command, check=False).returncode != 0:
        sys.exit(f"the facts of {workload.name} could not be made in {data}")


def compare(chosen, present, options):
    """The results, workload -> engine -> Result, and the lines about counts that disagree."""
    results, notes = {}, []
    for workload in chosen:
        if workloads.missing(options.data, workload):
            print(f"making {workload.name}", file=sys.stderr)
            make(options.data, workload)
        results[workload.name] = row = {}
        for name, engine in present.items():
            row[name] = result = comparing.measure(engine, workload, options.data, options.runs, TIMEOUT)
            figures = result.ended or f"{result.cpu:.2f} s, {result.rss:.0f} MB"
            print(f"{workload.name}, {name}: {figures} {result.message}", file=sys.stderr)
        notes += comparing.disagreements(workload, row)
    return results, notes


if __name__ == "__main__":
    sys.exit(main())
