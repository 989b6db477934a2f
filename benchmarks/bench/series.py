# SPDX-License-Identifier: Apache-2.0
"""Wall and CPU times of the commands, in turns."""

import json
import os
import statistics
import subprocess

from bench import fail, run
from bench.bundles import SLEEP

GAP = "sleep 0.06"
WARM_UP = 150
MANY = 1000

#: Name, title, and whether the series is about the docker-like bundle.
TITLES = {
    "state": "state",
    "kill": "kill",
    "list": "list",
    "exec": "exec",
    "run": "run",
    "tight": "run, tight loop",
    "life": "create, start, delete",
    "delete": "delete",
    "docker-run": "run, docker-like",
    "docker-life": "create, start, delete, docker-like",
    "list1000": "list of 1,000 saved",
}


class Time:
    """Medians, in milliseconds. CPU: of the command and what it waited for, and of the server."""

    def __init__(self, wall, cpu):
        self.wall = wall
        self.cpu = cpu


class Series:
    def __init__(self, work, bundles, rounds, runs):
        self.work = work
        self.bundles = bundles
        self.rounds = rounds
        self.runs = runs

    def measure(self, runtimes, hellos):
        """Times by (name of the series, name of the runtime); hello's have the JDK's version."""
        todo = [(("hello", version), words, None, GAP) for version, words in hellos.items()]
        for runtime in runtimes:
            if runtime.server:
                self.warm(runtime)
            for name, words, before in self.commands(runtime):
                todo.append(((name, runtime.name), words, runtime.server, before))
        samples = {key: [] for key, *_ in todo}
        for turn in range(self.rounds):
            for key, words, server, before in todo:
                samples[key].append(self.turn(key, words, server, before))
        for runtime in runtimes:
            runtime.delete_all()
        return {key: self.medians(turns) for key, turns in samples.items()}

    @staticmethod
    def medians(turns):
        wall = statistics.median(time for turn in turns for time in turn["times"])
        return Time(wall * 1000, statistics.median(turn["cpu"] for turn in turns) * 1000)

    def warm(self, runtime):
        for _ in range(WARM_UP):
            run(runtime.command + ["run", runtime.id("run")], cwd=self.bundles.spec)

    def turn(self, key, words, server, before):
        report = os.path.join(self.work, "times")
        command = ["hyperfine", "-N", "--style", "none", "--warmup", "1", "--runs", str(self.runs),
                   "--export-json", report]
        if before:
            command += ["--prepare", before]
        directory = self.bundles.docker if key[0].startswith("docker") else self.bundles.spec
        used = server.cpu_seconds() if server else 0
        done = subprocess.run(
            command + [words if isinstance(words, str) else " ".join(words)],
            cwd=directory, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE)
        if done.returncode != 0:
            again = subprocess.run(
                words if isinstance(words, str) else " ".join(words), shell=True, cwd=directory,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            fail(f"{key}: {words}: {done.stderr.decode()} {again.stderr.decode()}")
        used = server.cpu_seconds() - used if server else 0
        with open(report) as file:
            result, = json.load(file)["results"]
        cpu = result["user"] + result["system"] + used / (self.runs + 1)
        return {"times": result["times"], "cpu": cpu}

    def commands(self, runtime):
        """Yields name, command, and what to do before each execution."""
        c, identity = runtime.command, runtime.id
        run(c + ["create", identity("state")], cwd=self.bundles.spec)
        yield "state", c + ["state", identity("state")], GAP
        yield "list", c + ["list"], GAP
        yield "run", c + ["run", identity("run")], GAP
        yield "tight", c + ["run", identity("tight")], None
        yield "docker-run", c + ["run", identity("docker")], GAP
        for name in "life", "docker-life":
            yield name, self.script(runtime, name, "create {0} && {c} start {0} && {c} delete --force {0}"), GAP
        run(c + ["run", "--detach", identity("running")], cwd=self.bundles.sleeping)
        yield "exec", c + ["exec", identity("running"), "/bin/true"], GAP
        yield "kill", c + ["kill", identity("running"), "URG"], GAP  # which sleep(1) ignores
        gone = self.script(runtime, "gone", "create {0} >/dev/null && {c} kill {0} KILL && sleep 0.06")
        yield "delete", c + ["delete", identity("gone")], gone
        yield "list1000", self.saved(runtime) + ["list"], GAP

    def script(self, runtime, name, commands):
        """A file of commands; those of a container's life end before its init, so it holds no
        stream of ours."""
        path = os.path.join(self.work, f"{name}-{runtime.name}")
        command = " ".join(runtime.command)
        with open(path, "w") as file:
            file.write("exec </dev/null\n")
            file.write(f"{command} " + commands.format(runtime.id(name), c=command) + "\n")
        return f"sh {path}"

    def saved(self, runtime):
        """A thousand containers by their saved states: copies of one, where only the id differs
        (crun keeps the id in the directory's name alone)."""
        root = runtime.root + "-many"
        command = [runtime.program, "--root", root]
        one = runtime.id("one")
        run(command + ["create", one], cwd=self.bundles.spec)
        copies = f"""
            cd {root}
            i=1
            while [ $i -lt {MANY} ]; do cp -r --no-dereference {one} {one}-copy$i; i=$((i + 1)); done
            for copy in {one}-copy*; do
              [ ! -e $copy/state.json ] ||
                sed -i "s/\\"id\\":\\"{one}\\"/\\"id\\":\\"$copy\\"/" $copy/state.json
            done"""
        run(["sh", "-c", copies])
        return command
