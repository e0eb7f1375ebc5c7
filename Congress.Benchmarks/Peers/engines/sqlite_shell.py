"""Reads a script for SQLite's command-line tool from standard input and runs it with Python's module.

Of the dot-commands it knows `.import "FILE" TABLE`, of tab-separated columns; it passes over the others.
"""
import re
import sqlite3
import sys


def run(lines, connection):
    statement = ""
    for line in lines:
        imported = re.fullmatch(r'\.import "(.*)" (\w+)\n', line)
        if imported:
            load(connection, *imported.groups())
        elif not line.startswith("."):
            statement += line
            if sqlite3.complete_statement(statement):
                for row in connection.execute(statement):
                    print(*row, sep="\t")
                statement = ""


def load(connection, file, table):
    width = len(connection.execute(f'SELECT * FROM "{table}"').description)
    with open(file, encoding="utf-8") as lines:
        rows = (line.rstrip("\n").split("\t") for line in lines)
        connection.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * width)})', rows)


if __name__ == "__main__":
    run(sys.stdin, sqlite3.connect(":memory:", isolation_level=None))
