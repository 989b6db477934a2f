// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.audit;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.SETPRIV;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.OrdinaryUser;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The command audit, and the bundle in which it finds nothing. */
@Requires({ROOT, JRUNC})
class AuditIT {
    private static final Set<String> LIMITS =
            Set.of("no-memory-limit", "no-pids-limit", "no-cpu-limit");

    @Test
    void defaultBundleHasKnownWeaknesses() {
        Set<String> found = types(audit(Bundle.busybox()));

        found.remove("no-mac-label"); // depends on the host
        found.remove("host-cgroup-namespace");
        Set<String> expected = new TreeSet<>(LIMITS);
        expected.addAll(
                List.of("no-seccomp", "root-without-user-namespace", "unmasked-side-channels"));
        assertEquals(expected, found);
    }

    @Test
    void textSaysWhatWhereWhyAndHow() {
        Result text = Bundle.busybox().invoke("audit").run();

        assertEquals(0, text.status(), text::describe);
        assertTrue(text.output().contains("high      linux.seccomp: "), text::describe);
        assertTrue(text.output().contains("[no-seccomp]"), text::describe);
        assertTrue(text.output().contains("an attacker reaches"), text::describe);
        assertTrue(text.output().contains("remedy: add linux.seccomp"), text::describe);
        assertTrue(text.lines().get(text.lines().size() - 1).contains("2 high, "), text::describe);
    }

    @Test
    void findingsAreShownAtTheirLines() throws IOException {
        Bundle bundle = Bundle.busybox();

        JsonNode sarif = Json.parse(bundle.invoke("audit", "--format", "sarif").run().output());
        String page = bundle.invoke("audit", "--format=html").run().output();

        List<String> lines = Files.readAllLines(bundle.directory().resolve("config.json"));
        JsonNode results = sarif.at("/runs/0/results");
        assertTrue(results.size() > 3, sarif::toString);
        for (JsonNode result : results) {
            JsonNode place = result.at("/locations/0");
            String field = place.at("/logicalLocations/0/fullyQualifiedName").asText();
            int line = place.at("/physicalLocation/region/startLine").asInt();
            if (field.equals("process.user.uid")) {
                assertTrue(lines.get(line - 1).contains("\"uid\""), () -> "line " + line);
            }
            assertTrue(page.contains(field), field);
            assertTrue(page.contains("href=\"#L" + line + "\""), field);
        }
    }

    /** Its bundle may have changed since, so that no line is named. */
    @Test
    void findingsOfAContainerHaveNoLines() {
        Container container = Bundle.busybox().start("sleep", "60");
        String id = container.id();

        Result sarif = runtime("audit", "--format", "sarif", "--container", id);
        Result page = runtime("audit", "--format", "html", "--container", id);

        JsonNode place = Json.parse(sarif.output()).at("/runs/0/results/0/locations/0");
        assertTrue(place.at("/physicalLocation/region").isMissingNode(), sarif::describe);
        String file = place.at("/physicalLocation/artifactLocation/uri").asText();
        assertTrue(file.matches("file:///.*/config.json"), file);
        assertTrue(page.output().contains("Audit of container " + id), page::describe);
        assertFalse(page.output().contains("href="), page::describe);
    }

    private static Result runtime(String... arguments) {
        return Sandbox.current().runtime(arguments).run();
    }

    @Test
    void formatsDoNotChangeTheStatus() {
        Bundle bundle = Bundle.busybox();

        assertEquals(
                2, bundle.invoke("audit", "--format", "sarif", "--fail-on", "high").run().status());
        bundle.invoke("audit", "--format", "xml").run().failsWith("xml", "sarif");
    }

    @Test
    void hardenedBundleIsCleanAndRuns() {
        Bundle bundle = hardened();

        Set<String> found = types(audit(bundle));
        found.remove("no-mac-label");
        assertEquals(Set.of(), found);
        Result run =
                bundle.sh(
                        "id -u; ls /proc/self/ns | wc -l; touch /x 2>&1; grep Cap /proc/1/status");
        assertTrue(run.output().startsWith("0\n"), run::describe);
        assertTrue(run.output().contains("Read-only file system"), run::describe);
        assertFalse(run.output().matches("(?s).*Cap...:\t0*[1-9a-f].*"), run::describe);
    }

    @Test
    void rootOfAHardenedContainerIsUnprivilegedOutside() {
        Bundle bundle = hardened();
        long hostId = bundle.config().at("/linux/uidMappings/0/hostID").asLong();

        Container container = bundle.start("sleep", "1000");

        long pid = container.stateDocument().get("pid").asLong();
        assertTrue(hostId >= 524288, () -> Long.toString(hostId));
        assertEquals(Long.toString(hostId), Host.field(pid, "status", "Uid").split("\\s+", -1)[0]);
    }

    @Test
    @Requires(SETPRIV)
    void rootlessHardenedBundleRunsWithoutRoot() {
        OrdinaryUser user = OrdinaryUser.nobody();
        Path file = user.stateDirectory().resolveSibling("hardened.json");
        Result spec = user.command("spec", "--rootless", "--hardened", "--file", file.toString());
        assertEquals(0, spec.status(), spec::describe);
        user.config().removeAll();
        JsonNode config = Json.parse(Result.text(file));
        user.config().setAll((ObjectNode) config);
        user.process().put("terminal", false);

        Result audit = user.program("id", "-u").command("audit", "--format", "json");
        Result run = user.run();

        Set<String> found = types(Json.parse(audit.output()));
        found.removeAll(LIMITS); // this user has no cgroup of its own
        found.remove("no-mac-label");
        assertEquals(Set.of(), found);
        assertEquals("0", run.output());
    }

    @Test
    void fixLeavesOnlyWhatPeopleMustDecide() {
        Bundle bundle = terrible();
        assertTrue(types(audit(bundle)).size() > 20);

        JsonNode report =
                Json.parse(bundle.invoke("audit", "--fix", "--format", "json").run().output());
        JsonNode config = written(bundle);

        assertTrue(report.get("mended").size() > 15, report::toString);
        Set<String> left = types(report);
        left.remove("no-mac-label");
        assertEquals(
                Set.of(
                        "host-network-namespace",
                        "root-without-user-namespace",
                        "seccomp-allows-user-namespaces",
                        "seccomp-allows-address-layout"),
                left);
        assertEquals("1.50", config.at("/process/future").asText());
        assertEquals("C:\\layer", config.at("/windows/layer").asText());
        String id = Sandbox.current().freshId();
        Result run = Sandbox.current().runtime(List.of("run", id)).in(bundle.directory()).run();
        assertEquals("ran", run.output());
    }

    @Test
    void fixedBundleIsNotWrittenAgain() throws IOException {
        Bundle bundle = terrible();
        assertEquals(0, bundle.invoke("audit", "--fix").run().status());
        Path config = bundle.directory().resolve("config.json");
        Object first = Files.getAttribute(config, "unix:ino");

        Result second =
                Sandbox.current().runtime(List.of("audit", "--fix")).in(bundle.directory()).run();

        assertFalse(second.output().contains("mended"), second::describe);
        assertEquals(first, Files.getAttribute(config, "unix:ino"));
        assertFalse(Files.exists(bundle.directory().resolve(".config.json.new")));
    }

    @Test
    void fixKeepsPermissionsAndFollowsNoLink() throws IOException {
        Bundle bundle = Bundle.busybox().write();
        Path config = bundle.directory().resolve("config.json");
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(bundle.directory().resolve("link.json"), config);

        Result linked = run(bundle, "audit", "--fix", "--config", "link.json");
        Result fixed = run(bundle, "audit", "--fix");

        assertTrue(linked.failure().contains("link.json is no plain file"), linked::describe);
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(0, fixed.status(), fixed::describe);
        assertEquals(
                "rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(config)));
    }

    @Test
    void exitStatusShowsWhetherFindingsAreThatSevere() {
        Bundle bundle = Bundle.busybox().write();

        assertEquals(0, run(bundle, "audit").status());
        assertEquals(0, run(bundle, "audit", "--fail-on", "critical").status());
        assertEquals(2, run(bundle, "audit", "--fail-on", "high").status());
        assertEquals(2, run(bundle, "audit", "--fail-on", "low", "--format", "json").status());
    }

    @Test
    void mistakesAreReported() throws IOException {
        Bundle bundle = Bundle.busybox().write();

        run(bundle, "audit", "--fail-on", "worst").failsWith("write critical, high, medium");
        run(bundle, "audit", "--format", "xml").failsWith("xml");
        run(bundle, "audit", "--container", "none").failsWith("does not exist");
        run(bundle, "audit", "--container", "x", "--fix").failsWith("exclude each other");
        run(bundle, "audit", "--bundle", "/nowhere").failsWith("/nowhere");
        Files.writeString(bundle.directory().resolve("config.json"), "{\"mounts\": 5}");
        run(bundle, "audit").failsWith("mounts");
    }

    @Test
    void runningContainerIsJudgedByWhatItIs() {
        Bundle bundle = hardened();
        Container container = bundle.remove("/linux/resources/pids").start("sleep", "1000");
        bundle.writable().write(); // too late to matter

        Set<String> before = types(auditOf(container));
        assertEquals(0, container.update("--pids-limit", "50").status());
        Set<String> after = types(auditOf(container));

        before.remove("no-mac-label");
        after.remove("no-mac-label");
        assertEquals(Set.of("no-pids-limit"), before);
        assertEquals(Set.of(), after);
    }

    @Test
    void kernelIsBelievedMoreThanTheDocument() throws IOException {
        Container container = Bundle.busybox().start("sleep", "1000");
        Path saved = Sandbox.current().root().resolve(container.id()).resolve("config.json");
        JsonNode config = Json.parse(Result.text(saved));
        ((ObjectNode) config.at("/linux"))
                .set("seccomp", Json.parse("{\"defaultAction\": \"SCMP_ACT_ERRNO\"}"));
        Files.writeString(saved, config.toString());

        assertTrue(types(auditOf(container)).contains("less-confined-than-configured"));
    }

    private static JsonNode auditOf(Container container) {
        String[] words = {"audit", "--format", "json", "--container", container.id()};
        return Json.parse(Sandbox.current().runtime(List.of(words)).run().output());
    }

    private static Result run(Bundle bundle, String... arguments) {
        return Sandbox.current().runtime(List.of(arguments)).in(bundle.directory()).run();
    }

    private static JsonNode audit(Bundle bundle) {
        return Json.parse(bundle.invoke("audit", "--format", "json").run().output());
    }

    /** Ids of all that is more than a remark. */
    private static Set<String> types(JsonNode report) {
        Set<String> ids = new TreeSet<>();
        for (JsonNode finding : report.get("findings")) {
            if (!finding.get("severity").asText().equals("info")) {
                ids.add(finding.get("id").asText());
            }
        }
        return ids;
    }

    private static JsonNode written(Bundle bundle) {
        return Json.parse(Result.text(bundle.directory().resolve("config.json")));
    }

    private static Bundle hardened() {
        Bundle bundle = Bundle.busybox();
        Path directory = Sandbox.current().freshDirectory("hardened");
        Result spec = Sandbox.current().runtime("spec", "--hardened").in(directory).run();
        assertEquals(0, spec.status(), spec::describe);
        bundle.config().removeAll();
        JsonNode config = Json.parse(Result.text(directory.resolve("config.json")));
        bundle.config().setAll((ObjectNode) config);
        return bundle.set("/process/terminal", false);
    }

    private static Bundle terrible() {
        Bundle bundle = Bundle.busybox().writable().args("echo", "ran");
        List<String> capabilities =
                new ArrayList<>(List.of("CAP_SYS_ADMIN", "CAP_SYS_MODULE", "CAP_NET_ADMIN"));
        bundle.capabilities(capabilities.toArray(new String[0]));
        bundle.set("/process/noNewPrivileges", false);
        bundle.json("/linux/namespaces", "[{\"type\": \"mount\"}]").remove("/hostname");
        bundle.json("/linux/maskedPaths", "[]").json("/linux/readonlyPaths", "[]");
        bundle.json("/linux/resources", "{\"devices\": [{\"allow\": true, \"access\": \"rwm\"}]}");
        bundle.json(
                "/linux/seccomp",
                "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\":"
                        + " [{\"names\": [\"mount\"], \"action\": \"SCMP_ACT_LOG\"}]}");
        bundle.withoutMount("/sys").mount("/sys", "sysfs", "sysfs", "nosuid");
        bundle.json("/process/future", "\"1.50\"");
        return bundle.json("/windows", "{\"layer\": \"C:\\\\layer\"}");
    }
}
