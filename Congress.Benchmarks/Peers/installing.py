"""Installs the peers that are missing: Debian's packages, and DuckDB's npm package into the cache folder."""
import shutil
import subprocess
import sys

from engines.duckdb import PACKAGE

# A program and the packages that bring it.
PROGRAMS = {"gringo": ["gringo"], "swipl": ["swi-prolog-nox"], "sqlite3": ["sqlite3"], "node": ["nodejs"],
            "npm": ["npm"]}


def install(cache):
    """Installs what is missing; says what failed, and goes on."""
    missing = {program: packages for program, packages in PROGRAMS.items() if shutil.which(program) is None}
    if missing:
        _run("apt-get", "update")
    for packages in missing.values():
        _run("apt-get", "install", "-y", *packages)
    if not (cache / "node_modules" / PACKAGE).exists():
        cache.mkdir(parents=True, exist_ok=True)
        _run("npm", "install", "--no-audit", "--no-fund", "--prefix", str(cache), PACKAGE)


def _run(*command):
    print("installing:", " ".join(command), file=sys.stderr)
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        print(f"  failed: {error}", file=sys.stderr)
        return
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        print(f"  failed: {said[-1]}", file=sys.stderr)
