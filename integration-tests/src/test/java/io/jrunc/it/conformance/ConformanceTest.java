// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Json;
import io.jrunc.rootfs.MountOptions;
import io.jrunc.spec.Spec;
import io.jrunc.spec.json.Features;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConformanceTest {
    private static final Path PAGE = Path.of("..", "docs", "spec-conformance.md");

    private final ShownFields shown = ShownFields.read();

    static List<Entry> entries() {
        return Table.entries();
    }

    static List<Entry> carriedOut() {
        return entries().stream().filter(entry -> entry.refused().isEmpty()).toList();
    }

    @Test
    void tableHasEveryFieldThatIsRead() {
        Set<String> missing = new TreeSet<>(KnownFields.read());

        Table.entries().forEach(entry -> missing.remove(entry.field()));

        assertEquals(Set.of(), missing);
    }

    @Test
    void noFieldIsThereTwice() {
        Set<String> seen = new HashSet<>();

        List<String> twice = new ArrayList<>();
        for (Entry entry : Table.entries()) {
            if (!seen.add(entry.field())) {
                twice.add(entry.field());
            }
        }

        assertEquals(List.of(), twice);
    }

    /** Each field of the table must really be read. */
    @ParameterizedTest
    @MethodSource("carriedOut")
    void exampleIsReadAndChangesWhatIsAskedFor(Entry entry) {
        Spec plain = PaperContainer.read(Map.of());

        Spec changed = PaperContainer.read(entry.example());

        assertFalse(entry.example().isEmpty());
        assertNotEquals(plain, changed);
    }

    @ParameterizedTest
    @MethodSource("entries")
    void badValueIsThereOrTheReasonWhyThereIsNone(Entry entry) {
        boolean bad = !entry.bad().isEmpty() && !entry.says().isEmpty();

        assertTrue(bad || !entry.harmless().isEmpty() || !entry.refused().isEmpty());
    }

    @Test
    void everyFieldAndValueIsShownOnAContainer() {
        Set<String> unseen = new TreeSet<>();
        for (Entry entry : carriedOut()) {
            if (entry.unseen().isEmpty() && shown.of(entry.field()).isEmpty()) {
                unseen.add(entry.field());
            }
            for (String value : entry.values().keySet()) {
                if (entry.unseen().isEmpty() && shown.ofValue(entry.field(), value).isEmpty()) {
                    unseen.add(entry.field() + "=" + value);
                }
            }
        }

        assertEquals(Set.of(), unseen);
    }

    @Test
    void testsNameOnlyFieldsOfTheTable() {
        Set<String> unknown = new TreeSet<>(shown.tests().keySet());
        for (Entry entry : entries()) {
            unknown.removeIf(name -> ShownFields.isAbout(name, entry));
        }

        assertEquals(Set.of(), unknown);
    }

    @Test
    void featuresKnowTheSameWords() {
        JsonNode features = Json.parse(Features.ofJrunc("test", MountOptions.names()).pretty());
        Map<String, String> lists =
                Map.of(
                        "mounts.options", "/mountOptions",
                        "linux.namespaces.type", "/linux/namespaces",
                        "linux.seccomp.syscalls.action", "/linux/seccomp/actions",
                        "linux.seccomp.syscalls.args.op", "/linux/seccomp/operators",
                        "linux.seccomp.architectures", "/linux/seccomp/archs",
                        "linux.seccomp.flags", "/linux/seccomp/knownFlags",
                        "linux.memoryPolicy.mode", "/linux/memoryPolicy/modes",
                        "linux.memoryPolicy.flags", "/linux/memoryPolicy/flags");

        lists.forEach(
                (field, pointer) -> {
                    Set<String> listed = new TreeSet<>();
                    features.at(pointer).forEach(word -> listed.add(word.asText()));
                    assertEquals(listed, new TreeSet<>(entry(field).values().keySet()), field);
                });
        Set<String> hooks = new TreeSet<>();
        features.at("/hooks").forEach(name -> hooks.add("hooks." + name.asText()));
        entries().forEach(entry -> hooks.remove(entry.field()));
        assertEquals(Set.of(), hooks);
    }

    @Test
    void featuresAreEnabledThatAreCarriedOut() {
        JsonNode features = Json.parse(Features.ofJrunc("test", MountOptions.names()).pretty());
        Map<String, String> switches =
                Map.of(
                        "process.apparmorProfile", "/linux/apparmor/enabled",
                        "process.selinuxLabel", "/linux/selinux/enabled",
                        "linux.intelRdt.closID", "/linux/intelRdt/enabled",
                        "linux.intelRdt.schemata", "/linux/intelRdt/schemata",
                        "linux.intelRdt.enableMonitoring", "/linux/intelRdt/monitoring",
                        "mounts.uidMappings.size", "/linux/mountExtensions/idmap/enabled",
                        "linux.netDevices", "/linux/netDevices/enabled",
                        "linux.resources.rdma", "/linux/cgroup/rdma",
                        "linux.seccomp.defaultAction", "/linux/seccomp/enabled");

        switches.forEach(
                (field, pointer) ->
                        assertEquals(
                                entry(field).refused().isEmpty(),
                                features.at(pointer).asBoolean(),
                                field));
    }

    private static Entry entry(String field) {
        return entries().stream()
                .filter(entry -> entry.field().equals(field))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void pageIsUpToDate() throws IOException {
        String page = Page.of(Table.parts(), shown);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, page);
        }

        String current = Files.exists(PAGE) ? Files.readString(PAGE) : "";

        assertEquals(current, page, PAGE + " is old; run the test with -Dgolden.update=true");
    }
}
