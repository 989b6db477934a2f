# SPDX-License-Identifier: Apache-2.0
"""What benchmarks/run is made of."""

import signal
import subprocess
import sys
import tempfile


def fail(sentence):
    sys.exit("benchmarks/run: " + sentence)


def clean_up_at_sigterm():
    """Has SIGTERM end the program as an exception does, so that what it has made is removed."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))


def run(command, expected=0, **options):
    """Runs a command to its end, and returns what it printed. That goes to a file: the init of a
    container would hold a pipe. A status other than the expected one raises CalledProcessError."""
    with tempfile.TemporaryFile() as output:
        # No timeout: Python would poll for the end, in growing steps.
        ended = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **options)
        output.seek(0)
        printed = output.read()
    if ended.returncode != expected:
        raise subprocess.CalledProcessError(ended.returncode, command, printed)
    return printed.decode(errors="replace")


def described(failed):
    """Says which command failed, and what it printed."""
    words = failed.output.decode(errors="replace").strip()
    return f"{' '.join(failed.cmd)}: status {failed.returncode}: {words}"
