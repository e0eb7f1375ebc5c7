"""The script that DuckDB and SQLite run; they differ in how they create and load the tables.

In programs/sql, a line that begins with `--sqlite ` is for SQLite only: it creates the indexes without which its nested
loops would not end. DuckDB joins by hashing.
"""

SQLITE_ONLY = "--sqlite "


def created(table, cols, kind):
    """The statement that creates a table all of whose columns are of one type."""
    declared = ", ".join(f"{column.name} {kind}" for column in cols)
    return f'CREATE TABLE "{table}" ({declared});\n'


def counted(tables):
    """Statements that give the name and the rows of each table."""
    return "".join(f"SELECT '{table}', count(*) FROM {table};\n" for table in tables)


def program(job, for_sqlite):
    """The program of a job."""
    lines = job.program("sql", ".sql").splitlines(keepends=True)
    kept = [line.removeprefix(SQLITE_ONLY) for line in lines if for_sqlite or not line.startswith(SQLITE_ONLY)]
    return "".join(kept)


def quoted(path):
    """A path as a text of SQL."""
    return "'" + str(path).replace("'", "''") + "'"
