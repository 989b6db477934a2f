// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cgroup;

import static io.jrunc.it.harness.Feature.CGROUP_V1;
import static io.jrunc.it.harness.Feature.HUGETLB_V2;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.UNIFIED_CGROUP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cgroups that were there before, or that others have changed since. */
@Requires({ROOT, JRUNC})
class HostCgroupsIT {
    private static final Path MOUNTS = Path.of("/sys/fs/cgroup");

    private static String path() {
        return "/" + Sandbox.current().freshId();
    }

    private static void remove(Path cgroup) {
        assertTrue(Host.becomes(3000, () -> cgroup.toFile().delete()), cgroup::toString);
    }

    @Test
    @Requires(CGROUP_V1)
    void refusedCreateLeavesACgroupThatWasThereBefore() throws IOException {
        String path = path();
        Path frozen = Files.createDirectory(Path.of(MOUNTS + "/freezer" + path));
        Path other = Files.createDirectory(Path.of(MOUNTS + "/pids" + path));
        Files.writeString(frozen.resolve("freezer.state"), "FROZEN");

        Result run = Bundle.busybox().set("/linux/cgroupsPath", path).run("true");

        run.failsWith("cgroup is frozen");
        assertEquals("FROZEN", Files.readString(frozen.resolve("freezer.state")).strip());
        assertTrue(Files.exists(other));
        remove(frozen);
        remove(other);
        assertEquals(List.of(), Host.cgroups(path));
    }

    /** cgroups(7): below a threaded cgroup, one that is not threaded takes no process. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Requires(UNIFIED_CGROUP)
    void containerBelowAThreadedCgroupIsThreadedToo(boolean userNamespace) throws IOException {
        String parent = path();
        Path above = Files.createDirectory(Path.of(Host.unifiedCgroup().orElseThrow() + parent));
        Files.writeString(above.resolve("cgroup.type"), "threaded");
        Bundle bundle = Bundle.busybox().set("/linux/cgroupsPath", parent + "/container");
        if (userNamespace) {
            bundle.userNamespace(100_000, 65_536);
        }

        Container container = bundle.start("sleep", "60");
        Result exec = container.exec("true");
        String type = Files.readString(above.resolve("container/cgroup.type")).strip();
        Result delete = container.delete("--force");

        assertEquals(0, exec.status(), exec::describe);
        assertEquals("threaded", type);
        assertEquals(0, delete.status(), delete::describe);
        assertFalse(Files.exists(above.resolve("container")));
        remove(above);
        Host.cgroups(parent).forEach(HostCgroupsIT::remove);
    }

    /** A v2 cgroup needs no controller to be frozen, and stops init if that joins it. */
    @Test
    @Requires(UNIFIED_CGROUP)
    void refusedCreateLeavesAFrozenUnifiedCgroupThatWasThereBefore() throws IOException {
        String path = path();
        Path frozen = Files.createDirectory(Path.of(Host.unifiedCgroup().orElseThrow() + path));
        Files.writeString(frozen.resolve("cgroup.freeze"), "1");

        Result run = Bundle.busybox().set("/linux/cgroupsPath", path).run("true");

        run.failsWith("cgroup is frozen");
        assertEquals("1", Files.readString(frozen.resolve("cgroup.freeze")).strip());
        assertEquals(List.of(frozen), Host.cgroups(path));
        remove(frozen);
    }

    /** It was found empty, joined, and the program cannot be executed. */
    @Test
    @Requires(CGROUP_V1)
    void failedCreateLeavesWhatWasThereAndNothingElse() throws IOException {
        String path = path();
        Path before = Files.createDirectory(Path.of(MOUNTS + "/pids" + path));
        Path parent = Files.createDirectory(Path.of(MOUNTS + "/memory" + path));
        String child = path + "/made/child";

        Bundle.busybox().set("/linux/cgroupsPath", path).run("nosuch").failsWith("nosuch");
        Bundle.busybox().set("/linux/cgroupsPath", child).run("nosuch").failsWith("nosuch");

        assertEquals(List.of(before, parent).size(), Host.cgroups(path).size());
        assertTrue(Files.exists(before));
        assertTrue(Files.exists(parent));
        remove(before);
        remove(parent);
    }

    @Test
    @Requires({UNIFIED_CGROUP, HUGETLB_V2})
    void controllerThatIsNotAskedForIsNotEnabled() throws IOException {
        Path control = Host.unifiedCgroup().orElseThrow().resolve("cgroup.subtree_control");
        String before = Files.readString(control);
        if (before.contains("hugetlb")) {
            Files.writeString(control, "-hugetlb");
        }
        try {
            assertEquals("", Bundle.busybox().run("true").output());

            assertFalse(Files.readString(control).contains("hugetlb"));
        } finally {
            if (before.contains("hugetlb")) {
                Files.writeString(control, "+hugetlb");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pids", "memory", "unified"})
    @Requires(CGROUP_V1)
    void furtherProcessGoesWhereInitIsIfTheCgroupIsGone(String hierarchy) throws IOException {
        String path = path();
        Container container =
                Bundle.busybox()
                        .withoutNamespace("cgroup")
                        .set("/linux/cgroupsPath", path)
                        .start("sleep", "60");
        Path elsewhere = Files.createDirectory(Path.of(MOUNTS + "/" + hierarchy + path + "-new"));
        Files.writeString(elsewhere.resolve("cgroup.procs"), "" + container.pid());
        remove(Path.of(MOUNTS + "/" + hierarchy + path));

        Result own = container.exec("cat", "/proc/self/cgroup");
        Result inits = container.exec("cat", "/proc/1/cgroup");

        assertEquals(inits.output(), own.output());
        assertTrue(own.stdout().contains(path + "-new"), own::describe);
        container.delete("--force");
        remove(elsewhere);
    }

    @Test
    @Requires(CGROUP_V1)
    void pathWithoutAControllerIsJoinedInEveryHierarchy() throws IOException {
        Container container = Bundle.busybox().withoutNamespace("cgroup").start("sleep", "60");
        List<Path> all = Host.cgroups(container.id());
        for (Path cgroup : all) {
            Path foo = Files.createDirectory(cgroup.resolve("foo"));
            for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
                if (Files.exists(foo.resolve(file))) { // empty, it lets nothing in
                    Files.write(foo.resolve(file), Files.readAllBytes(cgroup.resolve(file)));
                }
            }
        }

        Result joined = container.exec("--cgroup", "foo", "cat", "/proc/self/cgroup");

        long lines = joined.lines().stream().filter(line -> line.endsWith("/foo")).count();
        assertEquals(all.size(), lines, joined::describe);
    }

    @Test
    @Requires(CGROUP_V1)
    void pathThatIsNotThereInEveryHierarchyIsRefused() {
        Container container = Bundle.busybox().start("sleep", "60");
        Path unified = Host.unifiedCgroup().orElse(MOUNTS.resolve("pids"));
        Host.cgroups(container.id()).stream()
                .filter(cgroup -> cgroup.startsWith(unified))
                .forEach(cgroup -> assertTrue(cgroup.resolve("foo").toFile().mkdir()));

        Result exec = container.exec("--cgroup", "foo", "true");

        assertEquals(255, exec.status(), exec::describe);
        assertTrue(exec.stderr().contains("/foo does not exist"), exec::describe);
    }

    @Test
    void unknownOptionOfACgroupMountIsRefused() {
        Bundle bundle = Bundle.busybox();
        bundle.mount("/sys/fs/cgroup", "cgroup", "cgroup", "ro", "nosuchoption");

        bundle.run("true").failsWith("mounts.*options", "nosuchoption.* means nothing");
    }

    @Test
    void keyInTheWrongCaseIsNamed() {
        Bundle bundle = Bundle.busybox().json("/linux/resources/CPU", "{\"shares\": 2}");

        Result run = bundle.run("true");

        assertEquals(0, run.status(), run::describe);
        assertTrue(
                run.stderr().contains("linux.resources.CPU: unknown property, did you mean cpu?"),
                run::describe);
    }
}
