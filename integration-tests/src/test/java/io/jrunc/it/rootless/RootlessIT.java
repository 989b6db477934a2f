// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.rootless;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.MAP_AUTO;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.SETPRIV;
import static io.jrunc.it.harness.Feature.UIDMAP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.OrdinaryUser;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers without privileges on the host, whose cgroups are not theirs to write. */
@Requires({ROOT, SETPRIV})
class RootlessIT {
    private static final String[] IN_A_USER_NAMESPACE = {
        "unshare", "--user", "--map-root-user", "--mount"
    };
    private static final List<Map<String, Integer>> ONLY_ROOT =
            List.of(Map.of("containerID", 0, "hostID", 0, "size", 1));
    private static final String MAP = "/proc/self/uid_map";
    private static final String LOOK = "cat /proc/self/uid_map; echo x > /dev/null && echo ok";

    private static final String OWN_IDS = "nobody:3000000:65536\n";
    private static final String MAPS =
            """
            [{"containerID": 0, "hostID": 65534, "size": 1},
             {"containerID": 1, "hostID": 3000000, "size": 65536}]
            """;

    /** Its state is where the user's own runtime files are. */
    @Test
    void userRunsWhatSpecWritesWithRootless() {
        var user = OrdinaryUser.nobody();
        user.program("sh", "-c", LOOK + "; cat /proc/self/setgroups");

        Result run = user.run();

        assertEquals(List.of("0 65534 1", "ok", "deny"), squeezed(run));
        assertTrue(Files.isDirectory(user.stateDirectory()));
    }

    @Test
    @Requires(JRUNC)
    void userWithoutADirectoryForStateGetsARemedy() {
        var user = OrdinaryUser.nobody().program("true").variable("XDG_RUNTIME_DIR", "/sys");

        user.run().failsWith("/sys/jrunc", "XDG_RUNTIME_DIR", "--root");
    }

    /** Programs that clean up {@code XDG_RUNTIME_DIR} keep sticky entries. */
    @Test
    void stateIsTheUsersAloneAndStays() throws IOException {
        var user = OrdinaryUser.nobody().program("true");

        user.run().output();

        Object mode = Files.getAttribute(user.stateDirectory(), "unix:mode");
        assertEquals("41700", Integer.toOctalString((int) mode));
    }

    @Test
    @Requires({UIDMAP, JRUNC}) // runc has never added one
    void userNamespaceIsMadeIfTheSpecificationHasNone() {
        var user = OrdinaryUser.nobody().owning(OWN_IDS).withoutUserNamespace();

        Result root = user.program("cat", MAP).run();
        user.process().putObject("user").put("uid", 7).put("gid", 8);
        Result seven = user.program("sh", "-c", "cat " + MAP + "; id -u; id -g").run();

        assertEquals(List.of("0 65534 1", "1 3000000 65536"), squeezed(root));
        assertEquals(
                List.of("7 65534 1", "0 3000000 7", "8 3000007 65529", "7", "8"), squeezed(seven));
    }

    @Test
    @Requires(JRUNC)
    void withoutIdsOfItsOwnTheUserNamespaceHasOne() {
        var user = OrdinaryUser.nobody().owning("another:3000000:65536\n").withoutUserNamespace();

        assertEquals(List.of("0 65534 1"), squeezed(user.program("cat", MAP).run()));
    }

    /** What spec writes for root names the group of terminals, and has a network namespace. */
    @Test
    @Requires(JRUNC)
    void userRunsWhatSpecWritesForRoot() throws IOException {
        var user = OrdinaryUser.nobody().owning("another:3000000:65536\n");
        Path bundle = Sandbox.current().freshDirectory("bundle");
        Sandbox.current().runtime("spec", "--bundle", bundle.toString()).run().output();
        user.config()
                .setAll((ObjectNode) Json.parse(Files.readString(bundle.resolve("config.json"))));
        user.process().put("terminal", false);

        Result run = user.program("sh", "-c", "cat " + MAP + "; ls -n /dev/pts | wc -l").run();

        assertEquals("0 65534 1", squeezed(run).get(0), run::describe);
    }

    @Test
    @Requires(UIDMAP)
    void userMapsTheIdsThatAreHis() {
        var user = OrdinaryUser.nobody().owning(OWN_IDS).maps(MAPS);
        user.process().putObject("user").put("uid", 7).put("gid", 8);
        user.program(
                "sh",
                "-c",
                "cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups; id -u; id -G");

        Result run = user.run();

        assertEquals(
                List.of(
                        "0 65534 1",
                        "1 3000000 65536",
                        "0 65534 1",
                        "1 3000000 65536",
                        "allow",
                        "7",
                        "8"),
                squeezed(run));
    }

    @Test
    @Requires({UIDMAP, JRUNC}) // runc refuses additional groups without root
    void userWithManyIdsHasAdditionalGroups() {
        var user = OrdinaryUser.nobody().owning(OWN_IDS).maps(MAPS).program("id", "-G");
        user.process()
                .putObject("user")
                .put("uid", 0)
                .put("gid", 0)
                .putArray("additionalGids")
                .add(9);

        assertEquals("0 9", user.run().output());
    }

    @Test
    @Requires({UIDMAP, JRUNC})
    void idsThatAreNotTheUsersAreRefusedInTheWordsOfTheHelper() {
        var user = OrdinaryUser.nobody().owning("another:3000000:65536\n").maps(MAPS);

        user.program("true").run().failsWith("newuidmap", "not allowed", "/etc/subuid");
    }

    @Test
    @Requires({UIDMAP, JRUNC})
    void helperThatIsMissingOrPowerlessIsNamed() throws IOException {
        var user = OrdinaryUser.nobody().owning(OWN_IDS).maps(MAPS).program("true");
        Path tools = Sandbox.current().freshDirectory("tools");

        user.variable("PATH", tools.toString());
        user.run().failsWith("newuidmap, which is not in PATH " + tools, "uidmap");

        Path newuidmap = Path.of(Program.installed("newuidmap").orElseThrow());
        Path copy = Files.copy(newuidmap, tools.resolve("newuidmap"));
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
        user.run().failsWith("newuidmap", "neither setuid root nor has file capabilities");
    }

    @Test
    @Requires(UIDMAP)
    void userControlsContainersThatTheUserStarted() {
        var user = OrdinaryUser.nobody().owning(OWN_IDS).maps(MAPS).program("sleep", "60");
        String id = Sandbox.current().freshId();

        user.command("run", "--detach", id).output();

        assertEquals(id, user.command("list", "--quiet").output());
        assertEquals("0 65534 1", squeezed(user.command("exec", id, "cat", MAP)).get(0));
        user.command("kill", id, "KILL").output();
        user.command("delete", "--force", id).output();
        assertEquals("", user.command("list", "--quiet").output());
    }

    @Test
    @Requires(JRUNC)
    void userChangesTheMountsOfAContainer() throws IOException {
        var user = OrdinaryUser.nobody().program("sleep", "60");
        String id = Sandbox.current().freshId();
        user.command("run", "--detach", id).output();
        Path file = Sandbox.current().freshFile("mounts");
        Files.writeString(
                file,
                """
                [{"destination": "/t", "type": "tmpfs", "source": "t", "options": ["mode=755"]},
                 {"destination": "/e", "type": "bind", "source": "/etc", "options": ["rbind"]}]
                """);

        user.command("mounts", "add", id, file.toString()).output();

        assertEquals("0:0", user.command("exec", id, "stat", "-c", "%u:%g", "/t").output());
        user.command("exec", id, "test", "-f", "/e/passwd").output();
        user.command("mounts", "remove", id, file.toString()).output();
        user.command("exec", id, "test", "!", "-e", "/e/passwd").output();
        user.command("delete", "--force", id).output();
    }

    /** Podman without root: many ids, from the helpers, and the namespace is there already. */
    @Test
    @Requires(MAP_AUTO)
    void rootOfAUserNamespaceWithManyIdsRunsContainers() {
        var user = OrdinaryUser.nobody().owning(OWN_IDS);
        user.withoutUserNamespace();
        user.process().putObject("user").put("uid", 5).put("gid", 6);

        Result run = user.program("sh", "-c", "id -u; id -g; " + LOOK).rootOfNamespace().run();

        assertEquals(List.of("5", "6", "0 65534 1"), squeezed(run).subList(0, 3));
        assertEquals("ok", run.lines().get(4));
    }

    @Test
    @Requires(MAP_AUTO)
    void rootOfAUserNamespaceMapsWhatIsMappedThere() {
        String inner = "[{\"containerID\": 0, \"hostID\": 10, \"size\": 100}]";
        var user = OrdinaryUser.nobody().owning(OWN_IDS).maps(inner);
        // Root of the outer namespace owns the files as 65534; the inner root is another id.
        user.program("sh", "-c", "cat /proc/self/uid_map; cat /proc/self/setgroups");

        assertEquals(List.of("0 10 100", "allow"), squeezed(user.rootOfNamespace().run()));
    }

    @Test
    @Requires({MAP_AUTO, JRUNC})
    void rootOfAUserNamespaceCannotMapWhatIsNotMappedThere() {
        String beyond = "[{\"containerID\": 0, \"hostID\": 100000, \"size\": 10}]";
        var user = OrdinaryUser.nobody().owning(OWN_IDS).maps(beyond).program("true");

        user.rootOfNamespace()
                .run()
                .failsWith(
                        "linux.uidMappings\\[0\\]: the ids from 100000 to 100009",
                        "0 65534 1, 1 3000000 ");
    }

    /** Without rootless mode, cgroups that cannot be written are an error. */
    @Test
    void userMayInsistOnCgroups() {
        var user = OrdinaryUser.nobody().program("true");

        user.command("--rootless=TRUE", "run", Sandbox.current().freshId()).output();
        user.command("--rootless=false", "run", Sandbox.current().freshId())
                .failsWith("(?i)permission denied|EACCES");
    }

    /** Only what was not asked for by name can be done without. */
    @Test
    void cgroupThatIsNamedIsNotDoneWithout() {
        var user = OrdinaryUser.nobody().program("true");
        user.config().withObject("/linux").put("cgroupsPath", "/" + Sandbox.current().token());

        user.run().failsWith("linux.cgroupsPath", "(?i)permission denied|EACCES");
    }

    /** As podman does: the user namespace is there already, and not in config.json. */
    @Test
    void rootOfAUserNamespaceRunsAContainer() {
        var bundle = forOneUser().args("sh", "-c", LOOK);

        Result run =
                bundle.invoke("run", Sandbox.current().freshId()).under(IN_A_USER_NAMESPACE).run();

        assertEquals(List.of("0 0 1", "ok"), squeezed(run));
    }

    /** Podman without root calls its runtime in a namespace where {@code /run} is not its own. */
    @Test
    void rootOfAUserNamespaceKeepsStateWhereItsUserDoes() {
        Path runtimeDirectory = Sandbox.current().freshDirectory("run");
        var bundle = forOneUser().args("echo", "ran").write();

        Result run =
                Sandbox.current()
                        .command(Program.path(), "run", Sandbox.current().freshId())
                        .variable("XDG_RUNTIME_DIR", runtimeDirectory.toString())
                        .variable("USER", "nobody")
                        .in(bundle.directory())
                        .under(IN_A_USER_NAMESPACE)
                        .run();

        assertEquals("ran", run.output());
        String name = Path.of(Program.path()).getFileName().toString();
        assertTrue(Files.isDirectory(runtimeDirectory.resolve(name)));
    }

    @Test
    @Requires(JRUNC)
    void rootOfAUserNamespaceRunsAContainerWithoutCgroups() {
        var bundle = forOneUser().args("sh", "-c", LOOK);

        Result run =
                bundle.invoke("--cgroup-manager=disabled", "run", Sandbox.current().freshId())
                        .under(IN_A_USER_NAMESPACE)
                        .run();

        assertEquals(List.of("0 0 1", "ok"), squeezed(run));
    }

    /** A user namespace has a limit of its own, so the host keeps its. */
    @Test
    @Requires(JRUNC)
    void limitThatAllowsNoUserNamespaceIsNamed() {
        var bundle = forOneUser().args("true").namespace("user");
        bundle.set("/linux/uidMappings", ONLY_ROOT).set("/linux/gidMappings", ONLY_ROOT);
        String none = "echo 0 > /proc/sys/user/max_user_namespaces; exec \"$@\"";

        Result run =
                bundle.invoke("run", Sandbox.current().freshId())
                        .under("sh", "-c", none, "sh")
                        .under(IN_A_USER_NAMESPACE)
                        .run();

        run.failsWith("unshare", "ENOSPC", "sysctl user.max_user_namespaces=10000");
    }

    /** Such a user namespace denies setgroups(2), so there is no way to have them. */
    @Test
    @Requires(JRUNC)
    void additionalGroupsAreRefusedWithoutTheRightToSetThem() {
        var user = OrdinaryUser.nobody().program("true");
        ObjectNode process = user.process();
        process.putObject("user").put("uid", 0).put("gid", 0).putArray("additionalGids").add(0);

        user.run().failsWith("setgroups", "EPERM", "additional groups");
    }

    private static Bundle forOneUser() {
        var bundle = Bundle.busybox().remove("/process/rlimits").set("/linux/resources", Map.of());
        return bundle.withoutMount("/dev/pts")
                .mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance");
    }

    private static List<String> squeezed(Result result) {
        return result.lines().stream().map(line -> line.strip().replaceAll(" +", " ")).toList();
    }

    /** With 2, /proc shows a user no process that is not dumpable: init is none until it starts. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void runsWhereProcHidesProcesses(int hidepid) {
        OrdinaryUser user = OrdinaryUser.nobody().hidingProcesses(hidepid).program("sleep", "60");
        String id = Sandbox.current().freshId();

        user.command("create", id).output();
        assertTrue(user.command("state", id).output().contains("\"created\""));
        user.command("start", id).output();
        assertEquals("hi", user.command("exec", id, "echo", "hi").output());
        assertTrue(user.command("state", id).output().contains("\"running\""));
        user.command("delete", "--force", id).output();

        assertEquals(0, user.program("true").run().status());
    }
}
