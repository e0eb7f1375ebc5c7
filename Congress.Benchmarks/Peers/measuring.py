"""Runs a command and measures its whole process."""
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launcher.py")


@dataclass(frozen=True)
class Measured:
    """CPU seconds (user and system) and peak resident memory in MB of one run, and how it ended."""
    cpu: float
    rss: float
    exit_code: int
    timed_out: bool
    errors: str


def run(command, output, timeout):
    """Runs a command with its output in a file, and ends it after `timeout` seconds."""
    errors, used = output.with_suffix(".err"), output.with_suffix(".used")
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER), str(used), str(timeout)]
    with open(command.stdin or os.devnull, "rb") as stdin, open(output, "wb") as out, open(errors, "wb") as err:
        subprocess.run([*launcher, *command.arguments], stdin=stdin, stdout=out, stderr=err, check=True)
    exit_code, cpu, rss, late = used.read_text(encoding="utf-8").split()
    return Measured(float(cpu), int(rss) / (1 << 20), int(exit_code), late == "1",
                    errors.read_text(encoding="utf-8", errors="replace").strip())
