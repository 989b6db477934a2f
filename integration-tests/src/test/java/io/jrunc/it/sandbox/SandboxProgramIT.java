// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.sandbox;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.SETPRIV;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Busybox;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.OrdinaryUser;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.sandbox.Sandboxes;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sandboxes in a JVM of its own: one that is killed, and one of an ordinary user. */
@Requires({ROOT, JRUNC})
class SandboxProgramIT {
    private static final long PATIENCE_MILLIS = 20_000;

    private Path directory;
    private Path rootfs;
    private Path file;

    @BeforeEach
    void prepare() {
        directory = Sandbox.current().freshDirectory("boxes");
        rootfs = Sandbox.current().freshDirectory("rootfs");
        file = Sandbox.current().freshFile("file");
        Busybox.install(rootfs);
    }

    private List<String> words(String classPath, String what) {
        return List.of(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                classPath,
                SandboxMain.class.getName(),
                directory.toString(),
                rootfs.toString(),
                what,
                file.toString());
    }

    private Invocation program(String what) {
        return Sandbox.current().command(words(System.getProperty("java.class.path"), what));
    }

    /** The user cannot read Maven's repository. */
    private Invocation ofOrdinaryUser(String what) throws IOException {
        Path jars = Sandbox.current().freshDirectory("classes");
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(":", -1)) {
            if (entry.isEmpty() || !Files.exists(Path.of(entry))) {
                continue; // this module has tests alone
            }
            Path copy = jars.resolve(Integer.toString(copies.size()));
            Sandbox.current().command("cp", "-r", entry, copy.toString()).run().output();
            copies.add(copy.toString());
        }
        for (Path own : List.of(directory, rootfs, file.getParent())) {
            OrdinaryUser.give(own);
        }
        List<String> command = new ArrayList<>(List.of(OrdinaryUser.become()));
        command.addAll(words(String.join(File.pathSeparator, copies), what));
        return Sandbox.current().command(command);
    }

    private String place() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            Path place = entries.filter(Files::isDirectory).findFirst().orElseThrow();
            return place.getFileName().toString();
        }
    }

    private Invocation.Running holding() {
        Invocation.Running program = program("hold").start();
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> Files.exists(file)),
                () -> program.soFar().describe());
        return program;
    }

    @Test
    void sandboxDiesWithItsJvm() throws Exception {
        Invocation.Running program = holding();
        String id = "sandbox-" + place() + "-1";
        assertFalse(Host.cgroups(id).isEmpty());

        program.process().destroyForcibly().waitFor();

        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> Host.cgroups(id).isEmpty()),
                () -> "left: " + Host.cgroups(id));
    }

    /** The guard is killed first, so that nothing ends the sandbox with the JVM. */
    @Test
    void whatADeadJvmHasLeftIsRemoved() throws Exception {
        Invocation.Running program = holding();
        String dead = place();
        for (ProcessHandle child : program.process().children().toList()) {
            if (isGuard(child.pid())) {
                child.destroyForcibly();
            }
        }
        program.process().destroyForcibly().waitFor();
        assertFalse(Host.cgroups("sandbox-" + dead).isEmpty(), "it died with its JVM");

        try (Sandboxes other = Sandboxes.open(directory)) {
            assertEquals(List.of(), Host.cgroups("sandbox-" + dead));
            assertFalse(Files.exists(directory.resolve(dead)));
            assertEquals(0, other.sandbox().rootfs(rootfs).run("true").exitCode());
        }
    }

    /** Of the children, the sandbox's own process is in another pid namespace. */
    private static boolean isGuard(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/pid"))
                    .equals(Files.readSymbolicLink(Path.of("/proc/self/ns/pid")));
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    /** What another JVM that lives has there stays. */
    @Test
    void whatALivingJvmHasStays() throws Exception {
        Invocation.Running program = holding();
        String living = place();

        try (Sandboxes other = Sandboxes.open(directory)) {
            assertEquals(0, other.sandbox().rootfs(rootfs).run("true").exitCode());
        }

        assertFalse(Host.cgroups("sandbox-" + living).isEmpty());
        program.process().destroyForcibly().waitFor();
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> Host.cgroups("sandbox-" + living).isEmpty()));
    }

    @Test
    @Requires(SETPRIV)
    void limitsThatCannotBeSetAreRefused() throws Exception {
        Result result = ofOrdinaryUser("refuse").run();

        assertTrue(
                result.output()
                        .startsWith(
                                "CGROUP this program may not limit the sandbox's memory, pids, cpu:"),
                result::describe);
        assertTrue(result.output().contains("Limits.BEST_EFFORT"), result::describe);
    }

    @Test
    @Requires(SETPRIV)
    void ordinaryUserDoesWithoutThemIfAsked() throws Exception {
        assertEquals("EXIT 4 0", ofOrdinaryUser("best-effort").run().output());
    }

    @Test
    @Requires(SETPRIV)
    void ordinaryUsersWorkspaceIsWritable() throws Exception {
        file = Sandbox.current().freshDirectory("workspace").resolve("made");

        assertEquals("EXIT 0", ofOrdinaryUser("workspace").run().output().strip());

        assertEquals("text\n", Files.readString(file));
        assertEquals(65534, Files.getAttribute(file, "unix:uid"));
    }

    /** ramfs knows no mappings, whatever the kernel. */
    @Test
    void fileSystemWithoutMappingsIsRefusedWithARemedy() {
        file = Sandbox.current().freshDirectory("workspace").resolve("made");
        String mount = "mount -t ramfs none " + file.getParent() + " && exec \"$@\"";

        Result result =
                program("workspace").under("unshare", "--mount", "sh", "-c", mount, "sh").run();

        assertEquals(1, result.status(), result::describe);
        assertTrue(
                result.stderr()
                        .contains(
                                "EINVAL (the file system may not support idmapped mounts; copy the"
                                        + " files to one that does"),
                result::describe);
    }

    @Test
    void javaArchiveUsesTheJdkOfThisJvm() throws Exception {
        file = jar();

        assertEquals("EXIT 0 a,b limited", program("jar").run().output());
    }

    private static Path jar() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, HelloMain.class.getName());
        Path jar = Sandbox.current().freshFile("app.jar");
        String entry = HelloMain.class.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream archive = new JarOutputStream(out, manifest);
                var in = HelloMain.class.getResourceAsStream("/" + entry)) {
            archive.putNextEntry(new ZipEntry(entry));
            in.transferTo(archive);
            archive.closeEntry();
        }
        return jar;
    }
}
