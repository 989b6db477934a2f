// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.profile.BundledProfile;
import io.jrunc.seccomp.profile.ProfileContext;
import io.jrunc.spec.CapabilityNames;
import io.jrunc.spec.json.ProfileReader;
import io.jrunc.spec.json.SeccompWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * A bundle in the making: what {@code spec} writes, without a terminal, on a busybox root file
 * system, and what the test changes of it.
 */
public final class Bundle {
    private static JsonNode template;

    private final Sandbox sandbox = Sandbox.current();
    private final Path directory = sandbox.freshDirectory("bundle");
    private final ObjectNode config;

    private Bundle() {
        config = template(sandbox).deepCopy();
        set("/process/terminal", false);
        set("/hostname", "box");
        Busybox.install(rootfs());
    }

    public static Bundle busybox() {
        return new Bundle();
    }

    private static synchronized JsonNode template(Sandbox sandbox) {
        if (template == null) {
            Path directory = sandbox.freshDirectory("spec");
            Result spec = sandbox.runtime("spec").in(directory).run();
            assertEquals(0, spec.status(), spec::describe);
            template = Json.parse(Result.text(directory.resolve("config.json")));
        }
        return template;
    }

    public Path directory() {
        return directory;
    }

    public Path rootfs() {
        return directory.resolve("rootfs");
    }

    public ObjectNode config() {
        return config;
    }

    /** Sets the field that a JSON pointer names; objects on the way are made. */
    public Bundle set(String pointer, Object value) {
        JsonPointer path = JsonPointer.compile(pointer);
        parent(path).set(path.last().getMatchingProperty(), Json.of(value));
        return this;
    }

    /** Sets the field to what the JSON text says. */
    public Bundle json(String pointer, String text) {
        return set(pointer, Json.parse(text));
    }

    /** Appends to the list that a JSON pointer names; it is made if absent. */
    public Bundle add(String pointer, Object... values) {
        JsonPointer path = JsonPointer.compile(pointer);
        ArrayNode list = parent(path).withArray(path.last().getMatchingProperty());
        for (Object value : values) {
            list.add(Json.of(value));
        }
        return this;
    }

    public Bundle remove(String pointer) {
        JsonPointer path = JsonPointer.compile(pointer);
        parent(path).remove(path.last().getMatchingProperty());
        return this;
    }

    private ObjectNode parent(JsonPointer path) {
        ObjectNode at = config;
        for (JsonPointer p = path; p.tail() != null && !p.tail().matches(); p = p.tail()) {
            String name = p.getMatchingProperty();
            JsonNode next = at.get(name);
            at = next == null ? at.putObject(name) : (ObjectNode) next;
        }
        return at;
    }

    public Bundle args(String... args) {
        return set("/process/args", args);
    }

    public Bundle env(String... variables) {
        return add("/process/env", (Object[]) variables);
    }

    public Bundle cwd(String cwd) {
        return set("/process/cwd", cwd);
    }

    public Bundle user(int uid, int gid) {
        set("/process/user/uid", uid);
        return set("/process/user/gid", gid);
    }

    public Bundle writable() {
        return set("/root/readonly", false);
    }

    /** Sets all capability sets but the ambient and the inheritable one. */
    public Bundle capabilities(String... names) {
        set("/process/capabilities/bounding", names);
        set("/process/capabilities/effective", names);
        return set("/process/capabilities/permitted", names);
    }

    /** A filter of system calls, for a container with Docker's capabilities. */
    public Bundle seccomp(BundledProfile profile) {
        Seccomp filter =
                ProfileReader.read(profile)
                        .resolve(ProfileContext.here(CapabilityNames.DOCKERS))
                        .filter();
        return json("/linux/seccomp", SeccompWriter.text(filter));
    }

    public Bundle mount(String destination, String type, String source, String... options) {
        ObjectNode mount = Json.MAPPER.createObjectNode();
        mount.put("destination", destination).put("type", type).put("source", source);
        mount.set("options", Json.of(options));
        return add("/mounts", mount);
    }

    public Bundle bind(Path source, String destination, String... options) {
        List<String> all = new ArrayList<>(Arrays.asList(options));
        if (!all.contains("rbind")) {
            all.add(0, "bind");
        }
        return mount(destination, "bind", source.toString(), all.toArray(new String[0]));
    }

    /** Shows directories of the host, read-only, where it has them; some hosts have no /lib64. */
    public Bundle bindHost(String... directories) {
        for (String directory : directories) {
            if (Files.isDirectory(Path.of(directory))) {
                directory(directory).bind(Path.of(directory), directory, "rbind", "ro");
            }
        }
        return this;
    }

    /** Shows the JDK of these tests at /jdk, and has {@code program} below /classes. */
    public Bundle java(Class<?> program) {
        String name = program.getName().replace('.', '/') + ".class";
        try (InputStream in = program.getClassLoader().getResourceAsStream(name)) {
            Path jdk = Path.of(System.getProperty("java.home")).toRealPath();
            bytes("/classes/" + name, in.readAllBytes(), "rw-r--r--");
            return bindHost("/lib", "/lib64").bind(jdk, "/jdk", "rbind", "ro");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes away the default mount at this destination. */
    public Bundle withoutMount(String destination) {
        return removeFrom("/mounts", "destination", destination);
    }

    /** Adds a new namespace, if it is not there. */
    public Bundle namespace(String type) {
        return withoutNamespace(type)
                .add("/linux/namespaces", Json.MAPPER.createObjectNode().put("type", type));
    }

    /** Joins an existing namespace. */
    public Bundle namespace(String type, String path) {
        return withoutNamespace(type)
                .add(
                        "/linux/namespaces",
                        Json.MAPPER.createObjectNode().put("type", type).put("path", path));
    }

    public Bundle withoutNamespace(String type) {
        return removeFrom("/linux/namespaces", "type", type);
    }

    /** A user namespace in which {@code count} ids from 0 are those of the host from {@code at}. */
    public Bundle userNamespace(int at, int count) {
        ObjectNode map = Json.MAPPER.createObjectNode();
        map.put("containerID", 0).put("hostID", at).put("size", count);
        namespace("user");
        add("/linux/uidMappings", map);
        return add("/linux/gidMappings", map);
    }

    private Bundle removeFrom(String pointer, String key, String value) {
        Iterator<JsonNode> elements = config.at(pointer).elements();
        while (elements.hasNext()) {
            if (elements.next().path(key).asText().equals(value)) {
                elements.remove();
            }
        }
        return this;
    }

    /** Writes a file into the root file system. */
    public Bundle file(String path, String content) {
        return file(path, content, "rw-r--r--");
    }

    public Bundle file(String path, String content, String permissions) {
        return bytes(path, content.getBytes(StandardCharsets.UTF_8), permissions);
    }

    public Bundle bytes(String path, byte[] content, String permissions) {
        try {
            Path file = inside(path);
            Files.createDirectories(file.getParent());
            Files.write(file, content);
            Files.setPosixFilePermissions(
                    file, java.nio.file.attribute.PosixFilePermissions.fromString(permissions));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Bundle directory(String path) {
        try {
            Files.createDirectories(inside(path));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a symbolic link in the root file system; an empty directory in its way is removed. */
    public Bundle link(String path, String target) {
        try {
            Path link = inside(path);
            Files.createDirectories(link.getParent());
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, Path.of(target));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The path, seen from the host, of a file of the root file system. */
    public Path inside(String path) {
        return directory.resolve("rootfs" + path);
    }

    /** Writes config.json. */
    public Bundle write() {
        try {
            // At once: a command that was started before may be reading it.
            Path written = sandbox.freshFile("config");
            Files.writeString(written, config.toPrettyString());
            Files.move(written, directory.resolve("config.json"), ATOMIC_MOVE);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the command in a new container, to its end. Nothing of it may remain. */
    public Result run(String... args) {
        String id = sandbox.freshId();
        Result result = args(args).invoke(List.of("run", id)).run();
        assertFalse(sandbox.knows(id), result::describe);
        return result;
    }

    /** Runs a shell script in a new container, to its end. */
    public Result sh(String script) {
        return run("sh", "-c", script);
    }

    /** The program under test with this bundle as its working directory, config.json written. */
    public Invocation invoke(List<String> arguments) {
        write();
        return sandbox.runtime(arguments).in(directory);
    }

    public Invocation invoke(String... arguments) {
        return invoke(List.of(arguments));
    }

    /** A container of this bundle that does not exist yet. */
    public Container container() {
        return new Container(sandbox, this, sandbox.freshId());
    }

    /** A container that has been created, to run the command. */
    public Container create(String... args) {
        Container container = args(args).container();
        Result create = container.create();
        assertEquals(0, create.status(), create::describe);
        return container;
    }

    /** A container that runs the command. */
    public Container start(String... args) {
        Container container = create(args);
        Result start = container.start();
        assertEquals(0, start.status(), start::describe);
        return container;
    }
}
