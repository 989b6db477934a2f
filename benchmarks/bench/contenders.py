# SPDX-License-Identifier: Apache-2.0
"""What is measured: jrunc on each JDK, jrunc served, and two versions of runc and crun."""

import glob
import os
import re
import shutil
import subprocess
import time

from bench import fail, run
from bench.bundles import built
from bench.debian13 import Debian13

PREFIX = f"bench{os.getpid()}"


class Contender:
    """A runtime with a state directory of its own."""

    def __init__(self, name, title, program, work, jdk=None, server=None):
        self.name = name
        self.title = title
        self.jdk = jdk
        self.server = server
        self.program = program
        self.root = os.path.join(work, "state-" + name)
        self.command = [program, "--root", self.root]

    @property
    def is_cold(self):
        return self.jdk is not None

    @property
    def is_measured_for_limits(self):
        return self.name in ("jrunc25", "runc", "crun", "runc13", "crun13")

    def id(self, word):
        return f"{PREFIX}-{self.name}-{word}"

    def delete_all(self):
        """Copies of a saved state are no containers."""
        for root in glob.glob(self.root + "*"):
            for container in (name for name in os.listdir(root) if "copy" not in name):
                subprocess.run(
                    [self.program, "--root", root, "delete", "--force", container],
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Server:
    """A resident runtime."""

    def __init__(self, program, log):
        self.log = open(log, "w+")
        self.process = subprocess.Popen(
            [program, "serve", "--idle", "0"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        while "resident: yes" not in run([program, "--version"]):
            if self.process.poll() is not None:
                self.log.seek(0)
                fail("jrunc serve ended: " + self.log.read())
            time.sleep(0.1)

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def measured(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            status = file.read()
        memory = {
            field: int(re.search(rf"(?m)^{field}:\s*(\d+)", status).group(1))
            for field in ("VmRSS", "RssAnon", "Threads")
        }
        return memory | {"descriptors": len(os.listdir(f"/proc/{self.process.pid}/fd"))}

    def end(self):
        self.process.terminate()
        self.process.wait()


def jdk_of(version):
    for release in sorted(glob.glob("/usr/lib/jvm/*/release")):
        with open(release) as file:
            if re.search(rf'(?m)^JAVA_VERSION="{version}[".]', file.read()):
                return os.path.dirname(release)
    return None


def hello(work):
    """Java programs that print a line, without flags: the price of any JVM. Version to command."""
    directory = os.path.join(work, "hello")
    os.makedirs(directory)
    source = os.path.join(directory, "Hello.java")
    with open(source, "w") as file:
        file.write("class Hello { public static void main(String[] args) {"
                   ' System.out.println("hello"); } }\n')
    run([jdk_of(17) + "/bin/javac", "--release", "17", "-d", directory, source])
    return {
        version: [jdk_of(version) + "/bin/java", "-cp", directory, "Hello"]
        for version in (25, 17)
        if jdk_of(version)
    }


def installed(work, version):
    """A distribution on that JDK, with an archive that is known to be used, and without whatever
    serves on this machine."""
    home = os.path.join(work, f"jdk{version}")
    shutil.copytree(built("."), home, ignore=shutil.ignore_patterns("*.jsa", "*.conf"))
    run([home + "/bin/jrunc-setup", jdk_of(version)])
    # Without its archive it would be three times as slow, without a message.
    run([home + "/bin/jrunc-setup", "--check", jdk_of(version)])
    configuration = home + "/lib/jrunc.conf"
    with open(configuration) as file:
        words = file.read()
    with open(configuration, "w") as file:
        file.write("resident=/nowhere\n" + re.sub("(?m)^resident=.*\n", "", words))
    return home


def served(work, home):
    """The same classes and archive, for launchers that find a resident runtime."""
    own = os.path.join(work, "served")
    os.makedirs(own + "/bin")
    os.makedirs(own + "/lib")
    shutil.copy(home + "/bin/jrunc", own + "/bin/jrunc")
    for name in "jrunc.conf", "jrunc-serve.conf":
        with open(f"{home}/lib/{name}") as file:
            words = file.read().replace("@HOME@", home)
        words = re.sub("(?m)^-Djrunc.home=.*", f"-Djrunc.home={own}/", words)
        if name == "jrunc.conf":
            words = f"resident={work}/resident\n" + re.sub("(?m)^resident=.*\n", "", words)
        with open(f"{own}/lib/{name}", "w") as file:
            file.write(words)
    return own + "/bin/jrunc"


def version_of(program):
    return re.search(r"\d+\.\d+(\.\d+)?", run([program, "--version"])).group(0)


def add_contenders(found, work):
    """Adds all that there are here, ours first, as they become ready."""
    for version in (25, 17):
        if jdk_of(version):
            home = installed(work, version)
            title = f"jrunc, JDK {version}"
            found.append(Contender(f"jrunc{version}", title, home + "/bin/jrunc", work, version))
    newest = os.path.dirname(os.path.dirname(found[0].program))
    program = served(work, newest)
    server = Server(program, os.path.join(work, "served-log"))
    found.append(Contender("served", "jrunc, served", program, work, server=server))
    newer = Debian13(work)
    for name, path in (
            ("runc", shutil.which("runc")), ("crun", shutil.which("crun")),
            ("runc13", newer.program("runc")), ("crun13", newer.program("crun"))):
        title = f"{name.removesuffix('13')} {version_of(path)}"
        found.append(Contender(name, title, path, work))


def finish(runtimes):
    for runtime in runtimes:
        runtime.delete_all()
        if runtime.server:
            runtime.server.end()
