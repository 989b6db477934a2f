# SPDX-License-Identifier: Apache-2.0
"""Eight clients at once, and a thousand containers that run at once."""

import glob
import os
import re
import statistics
import subprocess
import threading
import time

from bench import run

CLIENTS = 8
SECONDS = 8
REPEATS = 5


def parallel_clients(runtime, bundles):
    """How many `run` per second eight clients get done."""
    done = [0] * CLIENTS
    problems = []
    end = time.monotonic() + SECONDS

    def client(number):
        try:
            while time.monotonic() < end:
                run(runtime.command + ["run", runtime.id(f"client{number}")], cwd=bundles.spec)
                done[number] += 1
        except subprocess.CalledProcessError as problem:
            problems.append(problem)

    started = time.monotonic()
    threads = [threading.Thread(target=client, args=(i,)) for i in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return sum(done) / (time.monotonic() - started)


def available_kib():
    with open("/proc/meminfo") as file:
        return int(re.search(r"MemAvailable:\s*(\d+)", file.read()).group(1))


def milliseconds(command):
    times = []
    for _ in range(REPEATS):
        started = time.monotonic()
        run(command)
        times.append((time.monotonic() - started) * 1000)
        time.sleep(0.06)
    return statistics.median(times)


def memory_by_cgroup(runtime):
    """The mean of what the containers' memory cgroups are charged, in KiB."""
    used = []
    for directory, _, _ in os.walk("/sys/fs/cgroup/memory"):
        if os.path.basename(directory).startswith(runtime.id("m")):
            with open(directory + "/memory.usage_in_bytes") as file:
                used.append(int(file.read()) / 1024)
    if not used:
        for file in glob.glob(f"/sys/fs/cgroup/**/{runtime.id('m')}*/memory.current", recursive=True):
            with open(file) as current:
                used.append(int(current.read()) / 1024)
    return statistics.mean(used) if used else None


def many_running(runtime, bundles, count):
    """What it is to have that many containers, and to have started and deleted them."""
    before = available_kib()
    started = time.monotonic()
    for number in range(count):
        run(runtime.command + ["run", "--detach", runtime.id(f"m{number}")], cwd=bundles.sleeping)
    took = time.monotonic() - started
    time.sleep(1)
    measured = {
        "count": count,
        "starts per second": count / took,
        "list": milliseconds(runtime.command + ["list"]),
        "ps": milliseconds(runtime.command + ["ps", runtime.id("m0")]),
        "cgroup KiB": memory_by_cgroup(runtime),
        "available KiB": (before - available_kib()) / count,
    }
    started = time.monotonic()
    for number in range(count):
        run(runtime.command + ["delete", "--force", runtime.id(f"m{number}")])
    measured["deletes per second"] = count / (time.monotonic() - started)
    return measured
