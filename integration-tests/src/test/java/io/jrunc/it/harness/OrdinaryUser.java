// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A caller without privileges, the user nobody, with a bundle as {@code spec --rootless} writes it
 * and a directory for runtime files. The host's subuid(5) is not changed: commands run in mount
 * namespaces of their own, with the subuid(5) of the test.
 */
public final class OrdinaryUser {
    private static final String ID = "65534";

    private final Path home = Sandbox.current().freshDirectory("home");
    private final Path bundle = home.resolve("bundle");
    private final Path runtimeDirectory = home.resolve("run");
    private final Map<String, String> variables = new TreeMap<>();
    private final ObjectNode config;
    private List<String> wrapper = List.of();
    private Path subordinateIds;
    private int hidepid;

    private OrdinaryUser() throws IOException {
        Files.createDirectory(bundle);
        Files.createDirectory(runtimeDirectory);
        Busybox.install(bundle.resolve("rootfs"));
        give(home);
        command("spec", "--rootless").output();
        Path file = bundle.resolve("config.json");
        config = (ObjectNode) Json.parse(Files.readString(file));
        config.withObject("/root").put("readonly", false);
        process().put("terminal", false);
    }

    public static OrdinaryUser nobody() {
        try {
            return new OrdinaryUser();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ObjectNode config() {
        return config;
    }

    public ObjectNode process() {
        return config.withObject("/process");
    }

    public OrdinaryUser program(String... args) {
        process().set("args", Json.of(args));
        return this;
    }

    /** Maps users and groups alike. */
    public OrdinaryUser maps(String json) {
        config.withObject("/linux").set("uidMappings", Json.parse(json));
        config.withObject("/linux").set("gidMappings", Json.parse(json));
        return this;
    }

    /** Leaves nothing of the namespaces but those that the mounts need. */
    public OrdinaryUser withoutUserNamespace() {
        config.remove("hostname");
        ObjectNode linux = config.withObject("/linux");
        linux.remove(List.of("uidMappings", "gidMappings"));
        linux.putArray("namespaces").addObject().put("type", "mount");
        linux.withArray("/namespaces").addObject().put("type", "ipc");
        linux.withArray("/namespaces").addObject().put("type", "pid");
        return this;
    }

    /** Whose ids are whose, for users and groups. subuid(5), subgid(5). */
    public OrdinaryUser owning(String subordinateIds) {
        this.subordinateIds = Sandbox.current().freshFile("subid");
        write(this.subordinateIds, subordinateIds);
        return this;
    }

    /** From now on /proc is mounted with this for the user. proc(5), "hidepid". */
    public OrdinaryUser hidingProcesses(int value) {
        hidepid = value;
        return this;
    }

    public OrdinaryUser variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /** From now on the user is root of a user namespace with all ids that are the user's. */
    public OrdinaryUser rootOfNamespace() {
        wrapper = List.of("unshare", "--user", "--map-root-user", "--map-auto", "--mount");
        return this;
    }

    /** Where the state of the user's containers is. */
    public Path stateDirectory() {
        return runtimeDirectory.resolve(Path.of(Program.path()).getFileName().toString());
    }

    /** Runs a container of the bundle. */
    public Result run() {
        return command("run", Sandbox.current().freshId());
    }

    /** Any command of the runtime. */
    public Result command(String... arguments) {
        List<String> command = new ArrayList<>();
        if (subordinateIds != null) {
            command.addAll(List.of("unshare", "--mount", "--propagation", "private", "sh", "-c"));
            command.add(
                    "mount --bind $0 /etc/subuid && mount --bind $0 /etc/subgid && exec \"$@\"");
            command.add(subordinateIds.toString());
        }
        if (hidepid > 0) {
            // A procfs of its own: the options are the mount's, not the host's.
            command.addAll(List.of("unshare", "--mount", "--propagation", "private", "sh", "-c"));
            command.add("mount -t proc -o hidepid=$0 proc /proc && exec \"$@\"");
            command.add(Integer.toString(hidepid));
        }
        command.addAll(List.of(become()));
        command.addAll(wrapper);
        // The variables are for the runtime: PATH, say, is not to hide setpriv.
        command.add("env");
        variables.forEach((name, value) -> command.add(name + "=" + value));
        command.add(Program.path());
        command.addAll(List.of(arguments));
        if (config != null) {
            write(bundle.resolve("config.json"), config.toString());
        }
        return Sandbox.current()
                .command(command.toArray(new String[0]))
                .variable("XDG_RUNTIME_DIR", runtimeDirectory.toString())
                .variable("USER", "nobody")
                .in(bundle)
                .run();
    }

    /** Returns the words before a command that have this user run it. */
    public static String[] become(String... options) {
        List<String> words = new ArrayList<>();
        words.addAll(List.of("setpriv", "--reuid", ID, "--regid", ID, "--clear-groups"));
        words.addAll(List.of(options));
        return words.toArray(new String[0]);
    }

    /** Makes this user the owner of a directory and of all that is in it. */
    public static void give(Path directory) {
        Sandbox.current()
                .command("chown", "-R", ID + ":" + ID, directory.toString())
                .run()
                .output();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
