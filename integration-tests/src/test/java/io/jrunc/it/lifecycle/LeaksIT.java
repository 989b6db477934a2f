// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.lifecycle;

import static io.jrunc.it.harness.Feature.BASH;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nothing of the runtime or its caller is found in a container: no descriptor, whatever the caller
 * has open, and no file, word or variable in the memory of its processes. Source: CVE-2024-21626,
 * CVE-2016-9962.
 */
@Requires({ROOT, BASH})
@Escape({"CVE-2016-9962", "CVE-2024-21626"})
class LeaksIT {
    /** Odd ones: each of these in turn, from 3 to 52. */
    private static final String ODD_DESCRIPTORS =
            """
            cd "$(mktemp -d)"; mkfifo pipe; touch file gone; mkdir place lost
            exec 60<place 61<lost 62<>gone; rmdir lost; rm gone
            targets=(/ /proc /sys/fs/cgroup /proc/self/ns/mnt /proc/self/mem /dev/ptmx /dev/full
                     pipe file place /dev/fd/61 /dev/fd/62 /proc/1/root /run /etc/shadow /dev/null)
            for i in {3..52}; do
                target=${targets[i % ${#targets[@]}]}
                case $target in
                    pipe|file|/dev/ptmx|/proc/self/mem) eval "exec $i<>$target" ;;
                    *) eval "exec $i<$target" || exec {i}</dev/null ;;
                esac
            done
            exec 53< <(sleep 0) 60<&- 61<&- 62<&-
            cd - >/dev/null
            exec "$@"
            """;

    private static final List<String> STREAMS = List.of("0", "1", "2");

    /** By the shell itself: it needs none to do so, but one for a moment to look for them. */
    private static final String LIST_OWN =
            "for fd in /proc/self/fd/*; do [ -L $fd ] && echo ${fd##*/}; done; true";

    private static Invocation odd(Invocation invocation) {
        return invocation.under("bash", "-c", ODD_DESCRIPTORS, "bash");
    }

    @Test
    void callerReallyHasOddDescriptors() {
        Result list = odd(Sandbox.current().command("sh", "-c", LIST_OWN)).run();

        assertTrue(list.lines().size() >= 50, list::describe);
    }

    @Test
    void runPassesNoDescriptorOn() {
        var bundle = Bundle.busybox().args("sh", "-c", LIST_OWN);

        Result run = odd(bundle.invoke("run", Sandbox.current().freshId())).run();

        assertEquals(STREAMS, run.lines());
    }

    @Test
    void createAndStartPassNoDescriptorOn() {
        var bundle = Bundle.busybox().writable();
        bundle.args("sh", "-c", "exec > /list; " + LIST_OWN + "; sleep 60");
        String id = Sandbox.current().freshId();
        assertEquals("", odd(bundle.invoke("create", id)).run().output());
        assertEquals("", odd(bundle.invoke("start", id)).run().output());

        Path list = bundle.inside("/list");
        // The program runs when start returns, but need not have opened its file.
        assertTrue(
                Host.becomes(5000, () -> Files.exists(list) && Result.text(list).contains("2\n")));
        assertEquals(STREAMS, Result.text(list).lines().toList());
    }

    @Test
    void execPassesNoDescriptorOn() {
        Container container = Bundle.busybox().start("sleep", "60");
        Sandbox sandbox = Sandbox.current();

        Result exec = odd(sandbox.runtime("exec", container.id(), "sh", "-c", LIST_OWN)).run();

        assertEquals(STREAMS, exec.lines());
    }

    /** Also not those of the runtime itself: hooks are programs that others wrote. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "prestart",
                "createRuntime",
                "createContainer",
                "startContainer",
                "poststart",
                "poststop"
            })
    void hooksGetNoDescriptor(String kind) {
        Path list = Sandbox.current().freshFile("list");
        boolean inside = kind.equals("startContainer");
        var bundle = Bundle.busybox().writable().args("true");
        String script = "exec > " + (inside ? "/list" : list) + "; " + LIST_OWN;
        bundle.add(
                "/hooks/" + kind, Map.of("path", "/bin/sh", "args", List.of("sh", "-c", script)));

        Result run = odd(bundle.invoke("run", Sandbox.current().freshId())).run();

        assertEquals(0, run.status(), run::describe);
        List<String> lines = Result.text(inside ? bundle.inside("/list") : list).lines().toList();
        assertEquals(STREAMS, lines);
    }

    /** Between create and start the process is still the runtime's own. */
    @Test
    @Requires(JRUNC)
    void createdContainerHoldsNothingOfTheRuntime() throws IOException {
        Bundle bundle = Bundle.busybox().args("sleep", "60");
        Container container = bundle.container();
        bundle.invoke("create", container.id())
                .variable("LEAK", "word-of-the-caller")
                .run()
                .output();
        long pid = container.pid();

        assertEquals("", Host.proc(pid, "environ").orElseThrow());
        for (String line : Host.proc(pid, "maps").orElseThrow().lines().toList()) {
            String file = line.replaceFirst("^(\\S+ +){5}", "");
            boolean own = file.isEmpty() || file.startsWith("[") || file.startsWith("/memfd:");
            assertTrue(own || file.equals(line), line);
        }
        String memory = memory(pid);
        for (String word :
                List.of(
                        "word-of-the-caller",
                        bundle.directory().toString(),
                        Sandbox.current().root().toString(),
                        Path.of(Program.path()).getParent().toString(),
                        "java")) {
            assertFalse(memory.contains(word), () -> "there is “" + word + "” in its memory");
        }
        container.start().output();
    }

    @Test
    void runningContainerHoldsNothingOfTheRuntime() throws IOException {
        Container container = Bundle.busybox().start("sleep", "60");
        long pid = container.pid();
        assertTrue(Host.becomes(5000, () -> Host.proc(pid, "comm").orElse("").equals("sleep\n")));

        assertEquals("/bin/busybox", Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")) + "");
        List<String> files = new ArrayList<>();
        try (Stream<String> maps = Host.proc(pid, "maps").orElseThrow().lines()) {
            maps.map(line -> line.replaceFirst("^(\\S+ +){5}", ""))
                    .filter(file -> file.startsWith("/"))
                    .forEach(files::add);
        }
        assertEquals(List.of("/bin/busybox"), files.stream().distinct().toList());
        assertFalse(memory(pid).contains(Sandbox.current().root().toString()));
    }

    /** All that can be read, as characters. */
    private static String memory(long pid) throws IOException {
        StringBuilder all = new StringBuilder();
        try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
            for (String line : Host.proc(pid, "maps").orElseThrow().lines().toList()) {
                if (line.contains(" r") && !line.contains("[v")) {
                    long start = Long.parseUnsignedLong(line.substring(0, line.indexOf('-')), 16);
                    String end = line.substring(line.indexOf('-') + 1, line.indexOf(' '));
                    byte[] region = new byte[(int) (Long.parseUnsignedLong(end, 16) - start)];
                    memory.seek(start);
                    memory.readFully(region);
                    all.append(new String(region, StandardCharsets.ISO_8859_1));
                }
            }
        }
        assertTrue(all.length() > 4096, "read too little");
        return all.toString();
    }
}
