# SPDX-License-Identifier: Apache-2.0
"""What a created container costs, and the smallest limits with which one runs."""

import copy
import json
import os
import re
import subprocess

from bench import run

MAX_PAGES = 16384
MAX_PIDS = 63
ATTEMPTS = 3


class Limits:
    def __init__(self, work, bundles):
        self.bundles = bundles
        self.limited = bundles.copy(os.path.join(work, "limited"))
        self.config = bundles.read(bundles.spec)

    def of(self, runtime):
        return self.memory(runtime) | {
            "memory.limit KiB": self.smallest_memory(runtime),
            "pids.limit": self.smallest_pids(runtime),
            "left after create": self.left(runtime, "create"),
            "left after run --detach": self.left(runtime, "run --detach"),
        }

    def memory(self, runtime):
        """Of the process that waits in a created container, in KiB."""
        identity = runtime.id("created")
        run(runtime.command + ["create", identity], cwd=self.bundles.spec)
        pid = json.loads(run(runtime.command + ["state", identity]))["pid"]
        with open(f"/proc/{pid}/status") as status, open(f"/proc/{pid}/smaps_rollup") as rollup:
            text = status.read() + rollup.read()
        run(runtime.command + ["delete", "--force", identity])
        return {
            field: int(re.search(rf"(?m)^{field}:\s*(\d+)", text).group(1))
            for field in ("VmRSS", "RssAnon", "Pss")
        }

    def runs_with(self, runtime, resources):
        """Whether the container succeeds with these limits, three times of three."""
        config = copy.deepcopy(self.config)
        config["linux"].setdefault("resources", {}).update(resources)
        self.bundles.write(self.limited, config)
        quiet = {name: subprocess.DEVNULL for name in ("stdin", "stdout", "stderr")}
        identity = runtime.id("limit")
        for _ in range(ATTEMPTS):
            try:
                done = subprocess.run(
                    runtime.command + ["run", identity], cwd=self.limited, timeout=20, **quiet)
                succeeded = done.returncode == 0
            except subprocess.TimeoutExpired:
                succeeded = False
            subprocess.run(runtime.command + ["delete", "--force", identity], **quiet)
            if not succeeded:
                return False
        return True

    def smallest_memory(self, runtime):
        low, high = 0, MAX_PAGES  # the smallest that works is in (low, high]
        while high - low > 1:
            middle = (low + high) // 2
            if self.runs_with(runtime, {"memory": {"limit": middle * 4096}}):
                high = middle
            else:
                low = middle
        return high * 4

    def smallest_pids(self, runtime):
        for number in range(1, MAX_PIDS + 1):
            if self.runs_with(runtime, {"pids": {"limit": number}}):
                return number
        return f"over {MAX_PIDS}"

    def left(self, runtime, command):
        """Processes beside the container's: in a pid namespace where nothing else is started."""
        identity, c = runtime.id("left"), " ".join(runtime.command)
        script = f"""
            {c} {command} {identity} </dev/null >/dev/null 2>&1
            pid=$({c} state {identity} | jq .pid)
            sleep 0.2
            for p in /proc/[0-9]*; do
              n=${{p#/proc/}}
              [ $n != 1 ] && [ $n != $pid ] && [ -r $p/comm ] && cat $p/comm 2>/dev/null
            done
            {c} delete --force {identity}"""
        alone = ["unshare", "--pid", "--fork", "--mount-proc", "sh", "-c", script]
        names = sorted(set(run(alone, cwd=self.bundles.sleeping).split()))
        return " ".join(names) or "nothing"
