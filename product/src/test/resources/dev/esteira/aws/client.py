"""The installed AWS command line, many times in one process: each call is a fork that runs the
client's own main with its own arguments, environment and input. Only the import of its modules,
most of a call's time, is done once. One JSON object a line, in and out."""
import json
import os
import sys
import tempfile

before = dict(os.environ)
import awscli.clidriver
import awscli.handlers

# What its import says to itself, such as where its data are.
own = {name: value for name, value in os.environ.items() if before.get(name) != value}


def run(call, stdin, out):
    os.dup2(stdin.fileno(), 0)
    os.dup2(out.fileno(), 1)
    os.dup2(out.fileno(), 2)
    os.environ.clear()
    os.environ.update(call["environment"])
    os.environ.update(own)
    sys.argv = ["aws"] + call["arguments"]
    try:
        code = awscli.clidriver.main()
    except SystemExit as end:
        code = end.code
    sys.stdout.flush()
    sys.stderr.flush()
    return code or 0


def main():
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        call = json.loads(line)
        with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as out:
            stdin.write(call["input"].encode())
            stdin.flush()
            stdin.seek(0)
            child = os.fork()
            if child == 0:
                code = 255
                try:
                    code = run(call, stdin, out)
                finally:
                    os._exit(code)
            _, status = os.waitpid(child, 0)
            out.seek(0)
            text = out.read().decode(errors="replace")
        json.dump({"exitCode": os.waitstatus_to_exitcode(status), "output": text}, answers)
        answers.write("\n")
        answers.flush()


main()
