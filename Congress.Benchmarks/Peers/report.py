"""Writes the results as one Markdown table."""
import os
import platform

OURS = "congress"


def markdown(results, engines, absent, notes, runs):
    """`results` is workload -> engine -> Result; `engines` are the measured ones, `absent` says why others are not."""
    lines = [
        f"CPU seconds (user and system) / peak resident memory in MB of the whole process, loading included; "
        f"{'median of ' + str(runs) + ' runs' if runs > 1 else 'one run'}. "
        f"In brackets how many times the figures of {OURS} that is. {_machine()}",
        "",
        "| workload (derived rows) | " + " | ".join(engines) + " |",
        "|---|" + "---|" * len(engines),
    ]
    for workload, row in results.items():
        rows = next((sum(result.counts.values()) for result in row.values() if result.ended is None), None)
        title = workload if rows is None else f"{workload} ({rows:,})"
        lines.append(f"| {title} | " + " | ".join(_cell(name, row) for name in engines) + " |")
    lines += ["", "Versions: " + ", ".join(f"{name} {engine.version()}" for name, engine in engines.items()) + "."]
    lines += _listed("Absent", [f"{name}: {reason}" for name, reason in absent.items()])
    failures = [f"{workload}, {name}: {result.message}" for workload, row in results.items()
                for name, result in row.items() if result.ended == "failed"]
    lines += _listed("Failed", failures) + _listed("Counts that disagree", notes)
    return "\n".join(lines) + "\n"


def _cell(name, row):
    result, ours = row[name], row.get(OURS)
    if result.ended is not None:
        return result.ended
    text = f"{result.cpu:.2f} / {result.rss:.0f}"
    if name == OURS or ours is None or ours.ended is not None:
        return text
    return f"{text} ({result.cpu / ours.cpu:.2f}x / {result.rss / ours.rss:.2f}x)"


def _listed(title, items):
    return ["", f"{title}:", "", *(f"- {item}" for item in items)] if items else []


def _machine():
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores."
