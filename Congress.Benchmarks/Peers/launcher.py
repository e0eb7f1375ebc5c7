"""Runs one command and writes what it used into a file.

usage: launcher.py FILE SECONDS COMMAND [ARGUMENT...]

FILE gets exit code, CPU seconds, peak resident memory in bytes and 1 if the command was ended after SECONDS, else 0.
This is a process of its own, and imports next to nothing, because what the system tells of a process's peak memory
begins with that of the process which started it.
"""
import os
import signal
import sys


def main(target, seconds, command):
    child = os.fork()
    if child == 0:
        os.setsid()
        try:
            os.execvp(command[0], command)
        except OSError as error:
            os.write(2, f"{command[0]}: {error.strerror}\n".encode())
            os._exit(127)

    late = []

    def end(number, _):
        late.append(number)
        os.killpg(child, signal.SIGKILL)

    for number in (signal.SIGALRM, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    signal.alarm(seconds)
    _, status, used = os.wait4(child, 0)
    signal.alarm(0)
    unit = 1 if sys.platform == "darwin" else 1024
    with open(target, "w") as out:
        out.write(f"{os.waitstatus_to_exitcode(status)} {used.ru_utime + used.ru_stime} {used.ru_maxrss * unit} "
                  f"{int(signal.SIGALRM in late)}\n")


main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
