"""SQLite in memory: its command-line tool or, where that is not installed, Python's module."""
import shutil
import sqlite3
import sys
from pathlib import Path

from engines import sql
from engines.engine import Command, Engine, first_line

RUNNER = Path(__file__).with_name("sqlite_shell.py")


class Sqlite(Engine):
    name = "sqlite"

    def __init__(self):
        self.shell = shutil.which("sqlite3")

    def absent(self):
        return None

    def version(self):
        if self.shell is None:
            return f"{sqlite3.sqlite_version} (Python's module)"
        return first_line(self.shell, "--version").split()[0] + " (command-line tool)"

    def command(self, job):
        tables = job.workload.tables
        kind = "TEXT" if job.workload.text else "INTEGER"
        text = "PRAGMA temp_store=memory;\n" + "".join(sql.created(t, cols, kind) for t, cols in tables.items())
        text += ".mode tabs\n" + "".join(f'.import "{job.fact_file(table)}" {table}\n' for table in tables)
        if job.workload.program is None:
            text += "".join(f"CREATE INDEX {table}_{column.name} ON {table}({column.name});\n"
                            for table, cols in tables.items() for column in cols) + "ANALYZE;\n"
        script = job.write("program.sql", text + sql.program(job, for_sqlite=True) + sql.counted(job.workload.derived))
        run = [self.shell, "-batch", ":memory:"] if self.shell else [sys.executable, str(RUNNER)]
        return Command(run, stdin=script)
