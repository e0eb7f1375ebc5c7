"""DuckDB, through its package for Node.js, on one thread."""
import json
import shutil
from pathlib import Path

from engines import sql
from engines.engine import Command, Engine

PACKAGE = "@duckdb/node-api"
RUNNER = Path(__file__).with_name("duckdb.mjs")


class DuckDb(Engine):
    name = "duckdb"

    def __init__(self, cache):
        self.cache = cache
        self.manifest = cache / "node_modules" / PACKAGE / "package.json"

    def absent(self):
        if shutil.which("node") is None:
            return "node is not on the PATH (--install)"
        return None if self.manifest.exists() else f"the npm package {PACKAGE} is not in the cache folder (--install)"

    def version(self):
        return json.loads(self.manifest.read_text(encoding="utf-8"))["version"]

    def command(self, job):
        kind = "VARCHAR" if job.workload.text else "INTEGER"
        loads = "".join(self._load(job, table, cols, kind) for table, cols in job.workload.tables.items())
        text = "SET threads=1;\nSET preserve_insertion_order=false;\n" + loads
        text += sql.program(job, for_sqlite=False) + sql.counted(job.workload.derived)
        script = job.write("program.sql", text)
        return Command(["node", str(RUNNER), str(self.cache), str(script)])

    @staticmethod
    def _load(job, table, cols, kind):
        types = ", ".join(f"'{column.name}': '{kind}'" for column in cols)
        return (sql.created(table, cols, kind) + f'INSERT INTO "{table}" SELECT * FROM read_csv('
                f"{sql.quoted(job.fact_file(table))}, delim='\\t', header=false, quote='', escape='', "
                f"auto_detect=false, columns={{{types}}});\n")
