"""Our tool."""
import os
import shutil

from engines.engine import Command, Engine, first_line


class Congress(Engine):
    name = "congress"

    def __init__(self, path):
        self.path = path

    def absent(self):
        if self.path is None:
            return "not published"
        return None if os.access(self.path, os.X_OK) and shutil.which(self.path) else f"{self.path} is no program"

    def version(self):
        return first_line(self.path, "--version")

    def command(self, job):
        program = job.write("program.dl", job.program("datalog", ".dl"))
        facts = job.data / job.workload.name
        return Command([self.path, "eval", str(program), "--facts", str(facts), "--kind", "recursive", "--count"])
