# SPDX-License-Identifier: Apache-2.0
"""What benchmarks/run is made of."""

import subprocess
import sys
import tempfile


def fail(sentence):
    sys.exit("benchmarks/run: " + sentence)


def run(command, **options):
    """Runs a command to its end, and returns what it printed. That goes to a file: the init of a
    container would hold a pipe."""
    with tempfile.TemporaryFile() as output:
        try:
            subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=True,
                **options)  # no timeout: Python would poll for the end, in growing steps
        except subprocess.CalledProcessError as failed:
            output.seek(0)
            failed.stdout = output.read()
            raise
        output.seek(0)
        return output.read().decode()
