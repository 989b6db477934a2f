# SPDX-License-Identifier: Apache-2.0
"""The bundles: what `runc spec` writes, and one as Docker makes it."""

import json
import os
import shutil

from bench import run

DOCKER_CAPABILITIES = [
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW",
    "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE",
    "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
]
SLEEP = ["/bin/busybox", "sleep", "86400"]
TRUE = ["/bin/true"]


class Bundles:
    """Directories with a config.json and a root file system of one static busybox."""

    def __init__(self, work):
        self.work = work
        self.spec = os.path.join(work, "spec")
        self.docker = os.path.join(work, "docker")
        self.sleeping = os.path.join(work, "sleeping")

    def make(self):
        os.makedirs(os.path.join(self.spec, "rootfs/bin"))
        shutil.copy(shutil.which("busybox"), os.path.join(self.spec, "rootfs/bin/busybox"))
        os.symlink("busybox", os.path.join(self.spec, "rootfs/bin/true"))
        run(["runc", "spec"], cwd=self.spec)
        config = self.read(self.spec)
        config["process"]["terminal"] = False
        config["process"]["args"] = TRUE
        self.write(self.spec, config)
        self.write(self.copy(self.sleeping), with_arguments(config, SLEEP))
        self.write(self.copy(self.docker), docker_like(config))

    def copy(self, directory):
        shutil.copytree(self.spec, directory, symlinks=True)
        return directory

    @staticmethod
    def read(directory):
        with open(os.path.join(directory, "config.json")) as file:
            return json.load(file)

    @staticmethod
    def write(directory, config):
        with open(os.path.join(directory, "config.json"), "w") as file:
            json.dump(config, file)


def with_arguments(config, arguments):
    return config | {"process": config["process"] | {"args": arguments}}


def docker_like(config):
    """Docker's capabilities, default profile, cgroup namespace and some limits."""
    config = json.loads(json.dumps(config))
    for kind in "bounding", "effective", "permitted":
        config["process"]["capabilities"][kind] = DOCKER_CAPABILITIES
    config["process"]["capabilities"].pop("ambient", None)
    config["process"]["capabilities"].pop("inheritable", None)
    config["process"]["noNewPrivileges"] = False
    config["process"]["oomScoreAdj"] = 0
    config["root"]["readonly"] = False
    linux = config["linux"]
    if {"type": "cgroup"} not in linux["namespaces"]:
        linux["namespaces"].append({"type": "cgroup"})
    linux["resources"] = linux.get("resources", {}) | {
        "memory": {"limit": 512 << 20, "swap": 1 << 30, "disableOOMKiller": False},
        "cpu": {"shares": 512, "quota": 100000, "period": 100000},
        "pids": {"limit": 100},
        "blockIO": {"weight": 0},
    }
    linux["seccomp"] = json.loads(run([built("bin/jrunc"), "seccomp", "resolve", "default"]))
    return config


def built(path):
    return os.path.abspath(os.path.join("runtime-cli/target/jrunc", path))
