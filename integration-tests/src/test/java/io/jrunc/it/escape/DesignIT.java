// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.PERL;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Pty;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.spec.CrunAnnotations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What any runtime offers by its design. */
@Requires({ROOT, JRUNC})
class DesignIT {
    private static final int LOG_CHARACTERS = 32_768;

    /**
     * The container has the caller's terminal on its streams. It types a command for the shell that
     * reads there next, or makes the terminal its own. ioctl_tty(2).
     */
    @Test
    @Requires({ROOT, JRUNC, PERL})
    @Escape("TIOCSTI")
    void containerTypesNothingOnTheCallersTerminal() {
        var bundle = Bundle.busybox();
        String[] command = HostileScript.install(bundle, "type.pl", "echo escaped\n");
        List<String> run =
                List.of(
                        Program.path(),
                        "--root",
                        Sandbox.current().root().toString(),
                        "run",
                        Sandbox.current().freshId());
        bundle.args(command).write();

        try (var terminal = new Pty()) {
            Process runtime = terminal.start(bundle.directory(), run);
            terminal.awaitText("tried");
            assertEquals(0, terminal.await(runtime));
            // The next reader would read what was typed, if anything was.
            Process next =
                    terminal.start(
                            bundle.directory(),
                            List.of("sh", "-c", "echo next; read line; echo \"<$line>\""));
            terminal.awaitText("next");
            terminal.type("end\n");
            terminal.awaitText("<end>");
            assertEquals(0, terminal.await(next));
        }
    }

    /** A line of any length in a log, or one that is two, hides or forges what is in it. */
    @Test
    @Escape("log-lines")
    void messageIsOneLineOfALog() {
        String forged = "\nforged\u001b[2J" + "x".repeat(1_000_000);
        Path log = Sandbox.current().freshFile("log");
        var bundle = Bundle.busybox();
        Bundle[] bad = {
            Bundle.busybox().args("/no" + forged),
            Bundle.busybox().args("true").cwd("no" + forged),
            Bundle.busybox().args("true").set("/root/path", "/no" + forged),
            Bundle.busybox().args("true").mount("/x", "no" + forged, "t"),
            Bundle.busybox().args("true").mount("/x" + forged, "tmpfs", "t", "nonsense" + forged),
            Bundle.busybox().args("true").set("/linux/sysctl/no" + "x".repeat(100_000), "1"),
            Bundle.busybox().args("true").set("/hostname", "box" + forged),
            bundle.args("true").set("/process/user/uid", "1" + forged)
        };
        for (Bundle one : bad) {
            Result run =
                    one.invoke("--log", log.toString(), "--log-format", "json", "run", fresh())
                            .run();

            assertEquals(1, run.status(), run::describe);
        }

        List<String> lines = Result.text(log).lines().toList();
        assertEquals(bad.length, lines.size());
        for (String line : lines) {
            JsonNode entry = Json.parse(line);
            assertEquals("error", entry.get("level").asText());
            assertTrue(line.length() < LOG_CHARACTERS, () -> line.length() + " characters");
            assertTrue(line.indexOf('\u001b') < 0, "a control character");
        }
    }

    /** The container's own output is its own: no runtime stands between, or counts its lines. */
    @Test
    @Escape("log-lines")
    void endlessLineOfAContainerIsNotTheRuntimes() {
        var bundle = Bundle.busybox().args("sh", "-c", "yes | tr -d '\\n' | head -c 100000000");

        Result run = bundle.invoke("run", fresh()).patience(120).run();

        assertEquals(0, run.status());
        assertEquals(100_000_000, run.stdoutFile().toFile().length());
    }

    @Test
    @Escape("annotations")
    void annotationsChangeNothing() throws java.io.IOException {
        Path victim = Sandbox.current().freshFile("victim");
        var bundle = Bundle.busybox();
        String look =
                "grep -E '^(Cap|Seccomp|Groups|NoNew|Uid)' /proc/self/status; cat /proc/mounts";
        String before = bundle.sh(look).output();
        for (String name :
                new String[] {
                    "run.oci.hooks.stdout",
                    "run.oci.hooks.stderr",
                    "run.oci.seccomp.receiver",
                    "run.oci.seccomp.plugins",
                    "run.oci.keep_original_groups",
                    "run.oci.pidfd_receiver",
                    "run.oci.mount_context_type",
                    "run.oci.timens_offset",
                    "run.oci.seccomp_bpf_data",
                    "run.oci.systemd.subgroup",
                    "org.criu.config",
                    "run.oci.systemd.force_cgroup_v1",
                    "module.wasm.image/variant"
                }) {
            bundle.set("/annotations/" + name.replace("/", "~1"), victim.toString());
        }

        assertEquals(before, bundle.sh(look).output());
        assertTrue(Files.notExists(victim));
        JsonNode features = Json.parse(Sandbox.current().runtime("features").run().output());
        for (JsonNode unsafe : features.at("/potentiallyUnsafeConfigAnnotations")) {
            boolean guarded = !unsafe.asText().startsWith("run.oci.");
            assertTrue(guarded || CrunAnnotations.ALL.contains(unsafe.asText()), unsafe::asText);
        }
    }

    private static String fresh() {
        return Sandbox.current().freshId();
    }
}
