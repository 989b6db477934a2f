// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cli;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.spec.CrunAnnotations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@code features} lists is what a real container gets. Source: runtime-spec features.md. */
@Requires({ROOT, JRUNC})
class FeaturesIT {
    /** Options that only a bind mount has, or changes. */
    private static final Set<String> OF_BINDS =
            Set.of("bind", "rbind", "copy-symlink", "src-nofollow", "dest-nofollow");

    private static final Set<String> OF_ID_MAPS = Set.of("idmap", "ridmap");

    private static JsonNode features(String pointer) {
        return Json.parse(Sandbox.current().runtime("features").run().output()).at(pointer);
    }

    private static List<String> names(String pointer) {
        List<String> names = new ArrayList<>();
        features(pointer).forEach(name -> names.add(name.asText()));
        assertTrue(!names.isEmpty(), pointer);
        return names;
    }

    @Test
    void mountOptionsAreAccepted() {
        Path source = Sandbox.current().freshDirectory("source");
        var bundle = Bundle.busybox().writable();
        for (String option : names("/mountOptions")) {
            String point = "/m/" + option;
            if (OF_BINDS.contains(option)) {
                bundle.bind(source, point, option);
            } else if (!OF_ID_MAPS.contains(option)) { // IdMappedMountsIT
                bundle.mount(point, "tmpfs", "t");
                String[] all = option.equals("remount") ? new String[] {"remount", "ro"} : null;
                bundle.mount(point, "tmpfs", "t", all == null ? new String[] {option} : all);
            }
        }

        assertEquals("ran", bundle.run("echo", "ran").output());
    }

    @Test
    void hooksAreRun() throws IOException {
        Path log = Sandbox.current().freshFile("log");
        Path shared = Files.writeString(log, "");
        var bundle = Bundle.busybox().writable().bind(shared, "/log");
        List<String> hooks = names("/hooks");
        for (String hook : hooks) {
            String file = hook.equals("startContainer") ? "/log" : log.toString();
            bundle.json(
                    "/hooks/" + hook,
                    "[{\"path\": \"/bin/sh\", \"args\": [\"sh\", \"-c\", \"echo "
                            + hook
                            + " >> "
                            + file
                            + "\"]}]");
        }

        assertEquals(0, bundle.run("true").status());

        assertEquals(Set.copyOf(hooks), Set.copyOf(Files.readAllLines(log)));
    }

    @Test
    void namespacesAreMade() {
        var bundle = Bundle.busybox().userNamespace(100000, 65536);
        for (String type : names("/linux/namespaces")) {
            if (!type.equals("user")) {
                bundle.namespace(type);
            }
        }

        String inside = bundle.sh("cd /proc/self/ns; for n in *; do readlink $n; done").output();

        for (String namespace : inside.split("\n", -1)) {
            String type = namespace.substring(0, namespace.indexOf(':'));
            String file = "ns/" + type;
            String host = link(Path.of("/proc/self", file));
            assertTrue(!host.equals(namespace), namespace);
        }
    }

    private static String link(Path path) {
        try {
            return Files.readSymbolicLink(path).toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void capabilitiesAreGiven() {
        String own = Host.field(ProcessHandle.current().pid(), "status", "CapEff");
        long held = Long.parseLong(own, 16);
        List<String> names = names("/linux/capabilities");
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if ((held >> i & 1) != 0) { // their order is that of their numbers
                wanted.add(names.get(i));
            }
        }
        var bundle = Bundle.busybox().capabilities(wanted.toArray(new String[0]));

        String given = bundle.sh("grep CapEff /proc/self/status | cut -f2").output();

        assertEquals(held, Long.parseLong(given, 16));
    }

    @Test
    void wordsOfSeccompAreUnderstood() {
        var bundle = Bundle.busybox().set("/linux/seccomp/defaultAction", "SCMP_ACT_ALLOW");
        bundle.set("/linux/seccomp/architectures", names("/linux/seccomp/archs"));
        bundle.set("/linux/seccomp/flags", names("/linux/seccomp/supportedFlags"));
        List<String> calls = List.of("acct", "swapon", "swapoff", "reboot", "kexec_load");
        int next = 0;
        for (String action : names("/linux/seccomp/actions")) {
            if (!action.equals("SCMP_ACT_NOTIFY")) { // SeccompNotifyIT
                bundle.add(
                        "/linux/seccomp/syscalls",
                        Json.parse(
                                "{\"names\": [\""
                                        + calls.get(next++ % calls.size())
                                        + "\"], \"action\": \""
                                        + action
                                        + "\"}"));
            }
        }
        for (String operator : names("/linux/seccomp/operators")) {
            bundle.add(
                    "/linux/seccomp/syscalls",
                    Json.parse(
                            "{\"names\": [\"quotactl\"], \"action\": \"SCMP_ACT_ERRNO\", \"args\":"
                                    + " [{\"index\": 0, \"value\": 7, \"op\": \""
                                    + operator
                                    + "\"}]}"));
        }

        assertEquals("ran", bundle.run("echo", "ran").output());
    }

    /** What an annotation could do is listed only if some command heeds it. */
    @Test
    void annotationsOfWhatIsNotThereAreNotListed() {
        for (String annotation : names("/potentiallyUnsafeConfigAnnotations")) {
            boolean criu = annotation.equals("org.criu.config"); // CheckpointIT
            boolean known = annotation.equals("org.systemd.property.");
            assertTrue(criu || known || CrunAnnotations.ALL.contains(annotation), annotation);
        }
    }
}
