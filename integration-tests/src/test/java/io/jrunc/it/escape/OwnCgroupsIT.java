// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.CGROUP_V1;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.UNIFIED_CGROUP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.local.LocalKernel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A container that may make cgroups of its own cannot prevent its own end by them. */
@Requires({ROOT, JRUNC})
@Escape("own-cgroups")
class OwnCgroupsIT {
    private static final int PATH_MAX = 4096;
    private static final String NAME = "n".repeat(200);

    /** Moves the shell into a cgroup below its own and says so. */
    private static final String THREADED =
            "cd /sys/fs/cgroup; test -d unified && cd unified; mkdir t; echo threaded > t/cgroup.type;"
                    + " sleep 1000 & echo $! > t/cgroup.threads; echo $$ > t/cgroup.threads;"
                    + " echo ready; sleep 1000";

    private static final String FROZEN =
            "cd /sys/fs/cgroup/freezer; mkdir -p a/b; echo $$ > a/b/tasks; echo ready;"
                    + " echo FROZEN > a/b/freezer.state; sleep 1000";

    private static Bundle withItsCgroups(String script) {
        var bundle = Bundle.busybox().withoutMount("/sys/fs/cgroup");
        bundle.mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "nodev", "noexec");
        return bundle.args("sh", "-c", script);
    }

    private static Container started(Bundle bundle) {
        Container container = bundle.container();
        Result run = container.runDetached();
        assertEquals(0, run.status(), run::describe);
        return container.awaitOutput("ready");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Requires(UNIFIED_CGROUP)
    void threadedCgroupDoesNotKeepItFromBeingKilled(boolean all) {
        var bundle = withItsCgroups(THREADED).withoutNamespace("pid");
        Container container = started(bundle);

        Result kill =
                all
                        ? Sandbox.current().runtime("kill", "--all", container.id(), "KILL").run()
                        : container.kill("KILL");

        assertEquals(0, kill.status(), kill::describe);
        container.awaitEnd();
        assertEquals(0, container.delete().status());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Requires(UNIFIED_CGROUP)
    void threadedCgroupDoesNotKeepItFromBeingDeleted(boolean privatePids) {
        var bundle = withItsCgroups(THREADED);
        Container container = started(privatePids ? bundle : bundle.withoutNamespace("pid"));

        Result delete = container.delete("--force");

        assertEquals(0, delete.status(), delete::describe);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Requires(CGROUP_V1)
    void freezerFurtherDownDoesNotKeepItFromBeingKilled(boolean privatePids) {
        var bundle = withItsCgroups(FROZEN);
        Container container = started(privatePids ? bundle : bundle.withoutNamespace("pid"));
        awaitFrozen();

        Result kill = container.kill("KILL");

        assertEquals(0, kill.status(), kill::describe);
        assertEquals("stopped", container.awaitEnd().status());
        assertEquals(0, container.delete().status());
    }

    @Test
    @Requires(CGROUP_V1)
    void freezerFurtherDownDoesNotKeepItFromBeingDeleted() {
        Container container = started(withItsCgroups(FROZEN));
        awaitFrozen();

        Result delete = container.delete("--force");

        assertEquals(0, delete.status(), delete::describe);
    }

    private static void awaitFrozen() {
        List<Path> own = Host.cgroups(Sandbox.current().token());
        Path state = own.stream().filter(path -> path.endsWith("a/b")).findFirst().orElseThrow();
        assertTrue(
                Host.becomes(
                        10_000,
                        () -> Result.text(state.resolve("freezer.state")).startsWith("FROZEN")));
    }

    /** Made from outside, for a shell cannot go there; a program in the container could. */
    @Test
    void nestingDeeperThanAPathDoesNotKeepItFromBeingDeleted() {
        Container container = started(withItsCgroups("echo ready; sleep 1000"));
        for (Path cgroup : Host.cgroups(Sandbox.current().token())) {
            nest(cgroup);
        }

        Result ps = container.ps();
        Result delete = container.delete("--force");

        assertEquals(0, ps.status(), ps::describe);
        assertEquals(0, delete.status(), delete::describe);
    }

    private static void nest(Path cgroup) {
        Files files = LocalKernel.get().files();
        Fd at = files.open(cgroup.toString(), OpenFlag.DIRECTORY, OpenFlag.PATH);
        for (int length = cgroup.toString().length(); length < PATH_MAX + NAME.length(); ) {
            LocalKernel.get().directories().mkdir(at, NAME, 0755).submit();
            Fd next = files.openAt(at, NAME, OpenFlag.DIRECTORY, OpenFlag.PATH);
            at.close();
            at = next.renamed(NAME);
            length += NAME.length() + 1;
        }
        at.close();
    }
}
