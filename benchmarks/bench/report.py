# SPDX-License-Identifier: Apache-2.0
"""What benchmarks/RESULTS.md says."""

import os
import platform
import re
import subprocess

from bench.many import CLIENTS
from bench.series import TITLES, WARM_UP


def number(value):
    """Three digits that matter."""
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(heads, rows):
    aligned = "|---|" + "---:|" * (len(heads) - 1)
    lines = ["| " + " | ".join(heads) + " |", aligned]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def text(results):
    return "\n".join([
        head(results), aims(results), wall(results), cold(results), clients(results),
        many(results), limits(results)])


def head(results):
    with open("/proc/meminfo") as file:
        memory = int(re.search(r"MemTotal:\s*(\d+)", file.read()).group(1)) >> 20
    java = ", ".join(
        re.search(r'"(.*?)"', subprocess.run(
            [words[0], "-version"], stderr=subprocess.PIPE, text=True).stderr).group(1)
        for words in results["hello"].values())
    version = "v2" if os.path.exists("/sys/fs/cgroup/cgroup.controllers") else "v1"
    before = " ".join(f"{load:.1f}" for load in results["load"])
    after = " ".join(f"{load:.1f}" for load in os.getloadavg())
    return f"""# Results of benchmarks/run

Machine: {os.cpu_count()} processors, {memory} GiB, Linux {re.match("[0-9.]*", platform.release()).group(0).strip(".")}, {platform.machine()}, cgroup {version}.
Load average before {before}, after {after} (ours included).
{", ".join(r.title for r in results["runtimes"] if not r.is_cold and not r.server)}: those of Debian 12 and 13, the newer ones with Debian 13's libraries. JDK {java}.
Medians of {results["rounds"] * results["runs"]} executions in {results["rounds"]} turns, 60 ms apart but for the tight loop, all in one mount namespace. The ratios count; the milliseconds are those of a busy small machine.

jrunc starts a JVM for each command, or, *served*, has `jrunc serve` do it, after {WARM_UP} requests. The bundle is what `runc spec` writes, with static busybox `true` and no terminal; *docker-like* has Docker's capabilities and seccomp profile, a cgroup namespace and limits.

![Wall times](results.svg)
"""


def aims(results):
    times, rates, many = results["times"], results["clients"], results["many"]
    by_name = {r.name: r for r in results["runtimes"]}
    served, crun, runc = by_name["served"], by_name["crun13"], by_name["runc"]

    def ratio(name, kind="wall", other=crun):
        return getattr(times[name, "served"], kind) / getattr(times[name, other.name], kind)

    rows = [(f"`{name}`, × {crun.title}", 1.0, ratio(name)) for name in ("state", "kill", "list")]
    rows += [
        (f"`exec`, × {crun.title}", 0.6, ratio("exec")),
        (f"`run`, × {crun.title}", 0.6, ratio("run")),
        (f"`run` in a tight loop, × {crun.title}", 1.3, ratio("tight")),
        (f"create, start, delete, × {crun.title}", 0.6, ratio("life")),
        (f"`run`, docker-like, × {crun.title}", 0.8, ratio("docker-run")),
        (f"CPU of `run`, × {crun.title}", 1.2, ratio("run", "cpu")),
        (f"CPU of `run`, × {runc.title}", 0.4, ratio("run", "cpu", runc)),
        (f"`list` of 1,000 saved, × {crun.title}", 1.0, ratio("list1000")),
        (f"`list` of {many[served]['count']} running, × {crun.title}", 1.0,
         many[served]["list"] / many[crun]["list"]),
        ("VmRSS of the resident runtime after the times below, MB", 50.0,
         results["server after times"]["VmRSS"] / 1000),
        ("VmRSS of the resident runtime after all this, MB", 50.0,
         results["server"]["VmRSS"] / 1000),
    ]
    cells = [(what, f"≤ {aim:g}", number(found), "yes" if found <= aim else "**no**")
             for what, aim, found in rows]
    rate = rates[served] / rates[crun]
    cells.append((f"`run` per second of {CLIENTS} clients, × {crun.title}", "≥ 1.3", number(rate),
                  "yes" if rate >= 1.3 else "**no**"))
    return "## Served, beside what we aim at\n\n" + table(("", "aim", "found", "reached"), cells)


def wall(results):
    others = [r for r in results["runtimes"] if not r.is_cold and not r.server]
    rows = []
    for name, title in TITLES.items():
        for runtime in results["runtimes"]:
            time = results["times"][name, runtime.name]
            ratios = [number(time.wall / results["times"][name, o.name].wall) for o in others]
            rows.append((f"{title}: {runtime.title}", number(time.wall), number(time.cpu), *ratios))
    heads = ("", "wall ms", "CPU ms", *(f"× {o.title}" for o in others))
    return f"""## Times

CPU is that of the command and of the children that it waited for, and, served, of the resident runtime meanwhile; not of an init that outlives its `create`.

{table(heads, rows)}"""


def cold(results):
    times = results["times"]
    rows = []
    for version in results["hello"]:
        plain = times["hello", version]
        rows.append((f"`java Hello`, JDK {version}", number(plain.wall), number(plain.cpu), 1, 1))
        for name in ("state", "run", "exec", "kill", "delete"):
            time = times[name, f"jrunc{version}"]
            rows.append((f"{name}, JDK {version}", number(time.wall), number(time.cpu),
                         number(time.wall / plain.wall), number(time.cpu / plain.cpu)))
    heads = ("", "wall ms", "CPU ms", "× `java Hello`, wall", "CPU")
    return f"""## A JVM for each command

`java Hello` has no flags: the price of any JVM.

{table(heads, rows)}"""


def clients(results):
    rows = [(r.title, number(rate)) for r, rate in results["clients"].items()]
    return f"## {CLIENTS} clients at once\n\n" + table(("", "`run` per second"), rows)


def many(results):
    count = next(iter(results["many"].values()))["count"]
    heads = ("", "starts per second", "deletes per second", "`list` ms", "`ps` ms",
             "KiB each, by cgroup", "KiB each, by MemAvailable")
    rows = [
        (r.title, *(number(m[k]) for k in ("starts per second", "deletes per second", "list", "ps",
                                           "cgroup KiB", "available KiB")))
        for r, m in results["many"].items()
    ]
    return f"## {count} running containers\n\n" + table(heads, rows)


def limits(results):
    fields = ("VmRSS", "RssAnon", "Pss", "memory.limit KiB", "pids.limit", "left after create",
              "left after run --detach")
    rows = [(r.title, *(m[f] for f in fields)) for r, m in results["limits"].items()]
    server = results["server"]
    return f"""## Memory and limits

Of the process that waits in a created container, in KiB, and the smallest `linux.resources` with which `true` still runs, three times of three.

{table(("", *fields), rows)}
The resident runtime itself, after all this: VmRSS {server["VmRSS"]} KiB, of which {server["RssAnon"]} KiB are its own; {server["Threads"]} threads, {server["descriptors"]} descriptors.
"""
