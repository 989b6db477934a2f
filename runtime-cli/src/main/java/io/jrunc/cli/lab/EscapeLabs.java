// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.lab;

import java.util.List;

/** Experiments with known ways out of a container, and with what closes them. */
final class EscapeLabs {
    static final Lab RUNTIME_BINARY =
            new Lab(
                    "escape-2019-5736",
                    "CVE-2019-5736: a container that overwrote the host's runtime by"
                            + " /proc/self/exe finds a copy that cannot be written",
                    EscapeLabs::runtimeBinary);

    static final Lab LEAKED_DIRECTORY =
            new Lab(
                    "escape-2024-21626",
                    "CVE-2024-21626: a working directory by a descriptor that the runtime has open"
                            + " leads nowhere",
                    EscapeLabs::leakedDirectory);

    static final Lab HARDENING =
            new Lab(
                    "hardening",
                    "jrunc audit names each weakness of a bundle, and a hardened one has none",
                    EscapeLabs::hardening);

    private EscapeLabs() {}

    private static void runtimeBinary(Bench bench) {
        bench.explain(
                "An image can make its program a link to /proc/self/exe: what runs then is the file"
                        + " that the process executes at that moment. It was runc itself, on the"
                        + " host, and a process of the container could write to it.");
        bench.run("ln -s /proc/self/exe rootfs/bin/trap");
        bench.program("sleep", "1000");
        bench.run("jrunc run --detach lab-escape-2019-5736");
        Bench.Outcome trap = bench.run("jrunc exec lab-escape-2019-5736 /bin/trap");
        bench.expect(trap.status() != 0, "the runtime's file is not executed inside");
        bench.explain(
                "A created container that waits for start is a process of the runtime's, inside."
                        + " What it executes is a sealed copy in memory.");
        bench.run("jrunc delete --force lab-escape-2019-5736");
        bench.run("jrunc create lab-escape-2019-5736");
        Bench.Outcome file = bench.run("jrunc exec lab-escape-2019-5736 readlink /proc/1/exe");
        bench.expect(file.status() != 0, "the container cannot even see where it is");
        Bench.Outcome written =
                bench.run("jrunc exec lab-escape-2019-5736 sh -c 'echo x >>/proc/1/exe'");
        bench.expect(written.status() != 0, "it cannot be written");
    }

    private static void leakedDirectory(Bench bench) {
        bench.explain(
                "runc had a directory of the host open when it entered the working directory, so"
                        + " /proc/self/fd/7 was a way out.");
        for (int descriptor : new int[] {3, 7, 8}) {
            bench.set("process.cwd", "\"/proc/self/fd/" + descriptor + "\"");
            bench.program("ls");
            Bench.Outcome refused = bench.run("jrunc run lab-escape-2024-21626");
            bench.expect(refused.status() != 0, "no directory is there");
        }
        bench.set("process.cwd", "\"/\"");
        bench.program("ls", "/proc/self/fd");
        Bench.Outcome listed = bench.run("jrunc run lab-escape-2024-21626");
        bench.expect(
                listed.output().lines().toList().equals(List.of("0", "1", "2", "3")),
                "the program has its streams, and the directory that it lists");
    }

    private static void hardening(Bench bench) {
        Bench.Outcome weak = bench.run("jrunc audit --fail-on high");
        bench.expect(weak.status() == 2, "the bundle that spec writes has weaknesses");
        bench.run("rm config.json; jrunc spec --hardened");
        Bench.Outcome hard = bench.run("jrunc audit --fail-on high");
        bench.expect(hard.status() == 0, "a hardened one has none");
        bench.explain("docs/audit.md lists all weaknesses, and what each gives to an attacker.");
        bench.prepare("process.terminal", "false");
        bench.program("id");
        bench.expect(bench.run("jrunc run lab-hardening").status() == 0, "it runs all the same");
    }
}
