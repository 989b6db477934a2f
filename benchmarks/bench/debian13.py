# SPDX-License-Identifier: Apache-2.0
"""Programs of Debian 13 on an older Debian: their packages and libraries, unpacked aside."""

import glob
import os

from bench import fail, run

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
SOURCE = f"deb [signed-by={KEYRING}] http://deb.debian.org/debian trixie main\n"
LOADERS = "/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"


class Debian13:
    """Downloads with apt what crun and runc need. The host's packages are not touched."""

    def __init__(self, work):
        self.directory = os.path.join(work, "debian13")
        self.tree = os.path.join(self.directory, "tree")
        for name in "lists/partial", "cache/archives/partial", "tree", "tools":
            os.makedirs(os.path.join(self.directory, name))
        sources = os.path.join(self.directory, "sources.list")
        with open(sources, "w") as file:
            file.write(SOURCE)
        apart = [
            "-o", f"Dir::State::Lists={self.directory}/lists",
            "-o", f"Dir::Cache={self.directory}/cache",
            "-o", f"Dir::Etc::SourceList={sources}",
            "-o", "Dir::Etc::SourceParts=/dev/null",
            "-o", "Dir::State::Status=/dev/null",
            "-o", "APT::Sandbox::User=root",
            "-o", "Acquire::Languages=none",
        ]
        run(["apt-get", *apart, "update"])
        run(["apt-get", *apart, "install", "--yes", "--no-install-recommends", "--download-only",
             "crun", "runc"])
        for package in glob.glob(f"{self.directory}/cache/archives/*.deb"):
            run(["dpkg-deb", "--extract", package, self.tree])
        run(["apt-get", "download", "patchelf"], cwd=os.path.join(self.directory, "tools"))
        package, = glob.glob(f"{self.directory}/tools/patchelf*.deb")
        run(["dpkg-deb", "--extract", package, f"{self.directory}/tools"])

    def program(self, name):
        """The program, which loads Debian 13's libraries."""
        path = sorted(glob.glob(f"{self.tree}/usr/*bin/{name}"))[0]
        loader = next((l for l in map(self.inside, LOADERS) if os.path.exists(l)), None)
        if not loader:
            fail("Debian 13's libc6 has no dynamic loader that is known")
        libraries = ":".join(glob.glob(f"{self.tree}/usr/lib/*-linux-gnu"))
        run([f"{self.directory}/tools/usr/bin/patchelf", "--set-interpreter", loader,
             "--set-rpath", libraries, "--force-rpath", path])
        return path

    def inside(self, path):
        return self.tree + "/usr" + path if os.path.exists(self.tree + "/usr" + path) else self.tree + path
