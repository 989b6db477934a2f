package io.jrunc.it;

import static io.jrunc.it.Feature.JRUNC;
import static io.jrunc.it.Feature.ROOT;
import static io.jrunc.it.Feature.SETPRIV;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Callers without privileges on the host, whose cgroups are not theirs to write. */
@Requires({ROOT, SETPRIV})
class RootlessIT {
    private static final String[] AS_NOBODY = {
        "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"
    };
    private static final String[] IN_A_USER_NAMESPACE = {
        "unshare", "--user", "--map-root-user", "--mount"
    };
    private static final String LOOK = "cat /proc/self/uid_map; echo x > /dev/null && echo ok";

    /** Its state is where the user's own runtime files are. */
    @Test
    void userRunsWhatSpecWritesForHim() throws IOException {
        Path home = home();
        Path bundle = Files.createDirectory(home.resolve("bundle"));
        Busybox.install(bundle.resolve("rootfs"));
        Path runtimeDirectory = Files.createDirectory(home.resolve("run"));
        own(home);
        asNobody(bundle, runtimeDirectory, "spec", "--rootless").output();
        Path file = bundle.resolve("config.json");
        ObjectNode config = (ObjectNode) Json.parse(Files.readString(file));
        ((ObjectNode) config.get("process"))
                .put("terminal", false)
                .set("args", Json.of(List.of("sh", "-c", LOOK)));
        Files.writeString(file, config.toString());

        Result run = asNobody(bundle, runtimeDirectory, "run", Sandbox.current().freshId());

        assertEquals(List.of("0 65534 1", "ok"), squeezed(run));
        String name = Path.of(Program.path()).getFileName().toString();
        assertTrue(Files.isDirectory(runtimeDirectory.resolve(name)));
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

    /** Such a user namespace denies setgroups(2), so there is no way to have them. */
    @Test
    @Requires(JRUNC)
    void additionalGroupsAreRefusedToWhoMayNotChooseThem() throws IOException {
        Path home = home();
        Path bundle = Files.createDirectory(home.resolve("bundle"));
        Busybox.install(bundle.resolve("rootfs"));
        Path runtimeDirectory = Files.createDirectory(home.resolve("run"));
        own(home);
        asNobody(bundle, runtimeDirectory, "spec", "--rootless").output();
        Path file = bundle.resolve("config.json");
        ObjectNode config = (ObjectNode) Json.parse(Files.readString(file));
        ObjectNode process = (ObjectNode) config.get("process");
        process.put("terminal", false).set("args", Json.of(List.of("true")));
        process.putObject("user").put("uid", 0).put("gid", 0).putArray("additionalGids").add(0);
        Files.writeString(file, config.toString());

        Result run = asNobody(bundle, runtimeDirectory, "run", Sandbox.current().freshId());

        run.failsWith("setgroups", "EPERM", "additional groups");
    }

    private static Bundle forOneUser() {
        var bundle = Bundle.busybox().remove("/process/rlimits").set("/linux/resources", Map.of());
        return bundle.withoutMount("/dev/pts")
                .mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance");
    }

    private static Result asNobody(Path bundle, Path runtimeDirectory, String... arguments) {
        List<String> command = new ArrayList<>(List.of(AS_NOBODY));
        command.add(Program.path());
        command.addAll(List.of(arguments));
        return Sandbox.current()
                .command(command.toArray(new String[0]))
                .variable("XDG_RUNTIME_DIR", runtimeDirectory.toString())
                .in(bundle)
                .run();
    }

    private static Path home() {
        return Sandbox.current().freshDirectory("home");
    }

    private static void own(Path directory) {
        Sandbox.current()
                .command("chown", "-R", "65534:65534", directory.toString())
                .run()
                .output();
    }

    private static List<String> squeezed(Result result) {
        return result.lines().stream().map(line -> line.strip().replaceAll(" +", " ")).toList();
    }
}
