// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.rootfs;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mounts add}, {@code remove} and {@code list}. Source: crun(1). */
@Requires({ROOT, JRUNC})
class LiveMountsIT {
    private static final int FIRST = 100000;

    private final ArrayNode mounts = Json.MAPPER.createArrayNode();

    @Test
    void newFileSystemIsThereAtOnce() {
        var container = bundle().start("sleep", "60");
        mount("/data/deep", "tmpfs", "tmpfs", "size=64k", "nosuid", "mode=750");

        change("add", container).output();

        String line = line(container, "/data/deep");
        assertTrue(line.contains(" rw,nosuid,"), line);
        assertTrue(line.endsWith("rw,size=64k,mode=750"), line);
        assertEquals("", container.exec("touch", "/data/deep/f").output());
    }

    @Test
    void directoriesAndFilesOfTheHostAreBound() throws IOException {
        Path source = source();
        var container = bundle().start("sleep", "60");
        mount("/data", "", source.toString(), "rbind", "ro");
        mount("/file", "bind", source.resolve("f").toString());

        change("add", container).output();

        assertEquals("content", container.exec("cat", "/data/f").output());
        assertEquals("content", container.exec("cat", "/file").output());
        container.exec("touch", "/data/f").failsWith("Read-only file system");
        assertEquals("", container.exec("touch", "/file").output());
    }

    @Test
    void readOnlyReachesWhatIsMountedBelowIfAsked() throws IOException {
        Path source = source();
        Path below = Files.createDirectory(source.resolve("below"));
        Sandbox.current().command("mount", "-t", "tmpfs", "t", below.toString()).run().output();
        try {
            var container = bundle().start("sleep", "60");
            mount("/top", "", source.toString(), "rbind", "ro");
            mount("/all", "", source.toString(), "rbind", "rro");

            change("add", container).output();

            assertEquals("", container.exec("touch", "/top/below/f").output());
            container.exec("touch", "/all/below/f").failsWith("Read-only file system");
        } finally {
            Sandbox.current().command("umount", "-l", below.toString()).run().output();
        }
    }

    @ParameterizedTest
    @CsvSource({"shared, shared:", "slave, ' - '", "unbindable, unbindable"})
    void propagationIsSet(String option, String shown) {
        var container = bundle().start("sleep", "60");
        mount("/data", "tmpfs", "tmpfs", option);

        change("add", container).output();

        String line = line(container, "/data");
        assertTrue(line.contains(shown), line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"devpts", "mqueue", "sysfs"})
    void kernelFileSystemsAreMounted(String type) {
        var container = bundle().start("sleep", "60");
        mount("/data", type, type, "nosuid");

        change("add", container).output();

        assertTrue(line(container, "/data").contains(" - " + type + " "));
    }

    @Test
    void copyOfWhatIsCoveredCanBeReadOnly() {
        var container = bundle().file("/etc/f", "x").start("sleep", "60");
        mount("/etc", "tmpfs", "tmpfs", "tmpcopyup", "ro");

        change("add", container).output();

        assertEquals("x", container.exec("cat", "/etc/f").output());
        container.exec("touch", "/etc/f").failsWith("Read-only file system");
    }

    /** fsconfig(2) takes no option of such a length. */
    @Test
    void optionMayBeLong() {
        var container = bundle().start("sleep", "60");
        StringBuilder layers = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            Path layer = Sandbox.current().freshDirectory("a-layer-with-a-name-that-is-long");
            layers.append(layers.length() == 0 ? "" : ":").append(layer);
        }
        assertTrue(layers.length() > 255, layers.toString());
        mount("/data", "overlay", "overlay", "lowerdir=" + layers);

        change("add", container).output();

        assertTrue(line(container, "/data").contains(" - overlay "));
    }

    @Test
    void pausedContainerGetsThem() {
        var container = bundle().start("sleep", "60");
        container.pause().output();
        mount("/data", "tmpfs", "tmpfs");

        change("add", container).output();

        assertEquals("paused", container.status());
        container.resume().output();
        assertFalse(line(container, "/data").isEmpty());
    }

    @Test
    void createdContainerGetsThem() {
        var container = bundle().create("cat", "/proc/self/mountinfo");
        mount("/data", "tmpfs", "tmpfs");

        change("add", container).output();
        container.start().output();

        container.awaitEnd().awaitOutput(" /data ");
    }

    /** No process of the runtime's is in the container's pid namespace. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void procShowsTheProcessesOfTheContainer(boolean userNamespace) {
        var bundle = userNamespace ? inUserNamespace() : bundle();
        var container = bundle.start("sleep", "60");
        mount("/data", "proc", "proc", "hidepid=0");

        Result add = change("add", container);

        assumeFalse(
                add.stderr().contains("Unknown parameter 'pidns'"),
                "this kernel cannot mount a procfs of another pid namespace");
        add.output();
        assertEquals(
                "sleep 60", container.exec("sh", "-c", "tr '\\0' ' ' </data/1/cmdline").output());
        String pids = container.exec("sh", "-c", "ls /data | grep -c '^[0-9]'").output();
        assertTrue(Integer.parseInt(pids) < 6, pids);
        change("remove", container).output();
        assertTrue(line(container, "/data").isEmpty());
    }

    @Test
    void fileSystemBelongsToTheUserNamespace() {
        var container = inUserNamespace().start("sleep", "60");
        mount("/data", "tmpfs", "tmpfs", "mode=755");

        change("add", container).output();

        assertEquals("0:0", owner(container, "/data"));
    }

    @Test
    void bindIsMappedIntoTheUserNamespace() throws IOException {
        Path source = source();
        Files.setAttribute(source.resolve("f"), "unix:uid", 7);
        Files.setAttribute(source.resolve("f"), "unix:gid", 8);
        var container = inUserNamespace().start("sleep", "60");
        mount("/plain", "", source.toString(), "bind");
        mount("/mapped", "", source.toString(), "bind", "idmap");
        mount("/own", "", source.toString(), "bind", "idmap=uids=7-100020-1;gids=8-100030-1");

        change("add", container).output();

        assertEquals("65534:65534", owner(container, "/plain/f"));
        assertEquals("7:8", owner(container, "/mapped/f"));
        assertEquals("20:30", owner(container, "/own/f"));
    }

    /** A directory on the way that only the host's root may search is no obstacle. */
    @Test
    void sourceMayLieWhereTheContainersRootMayNotLook() throws IOException {
        Path source = source();
        Path hidden = source.getParent().resolve("hidden");
        Files.createDirectories(hidden.resolve("d"));
        Files.writeString(hidden.resolve("d/f"), "found");
        Files.setPosixFilePermissions(
                hidden, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
        var container = inUserNamespace().start("sleep", "60");
        mount("/data", "", hidden.resolve("d").toString(), "bind");

        change("add", container).output();

        assertEquals("found", container.exec("cat", "/data/f").output());
    }

    /** Else root of the container could write to what the host has mounted read-only. */
    @Test
    @Escape("live-mount-flags")
    void flagsOfTheHostStayLockedInAUserNamespace() throws IOException {
        Path source = source();
        var sandbox = Sandbox.current();
        sandbox.command("mount", "-t", "tmpfs", "-o", "ro", "t", source.toString()).run().output();
        try {
            var bundle = inUserNamespace();
            var container = bundle.capabilities("CAP_SYS_ADMIN").start("sleep", "60");
            mount("/data", "", source.toString(), "bind");

            change("add", container).output();

            Result remount = container.exec("mount", "-o", "remount,bind,rw", "/data", "/data");
            assertFalse(remount.status() == 0, remount::describe);
            assertTrue(line(container, "/data").contains(" ro,"));
        } finally {
            sandbox.command("umount", "-l", source.toString()).run().output();
        }
    }

    @Test
    void failureLeavesNothing() {
        var container = bundle().start("sleep", "60");
        mount("/first", "tmpfs", "tmpfs");
        mount("/second", "tmpfs", "tmpfs");
        mount("/third", "", "/no/such/file", "bind");

        change("add", container).failsWith("mounts add", "bind /no/such/file at /third: .*ENOENT");

        assertEquals("", line(container, "/first"));
        assertEquals("", line(container, "/second"));
        assertEquals(0, listed(container));
    }

    @Test
    void stateRemembersThemUntilTheyAreGone() throws IOException {
        var bundle = bundle().capabilities("CAP_SYS_ADMIN");
        var container = bundle.start("sleep", "60");
        mount("/one", "tmpfs", "tmpfs", "nodev");
        mount("/two", "", source().toString(), "bind", "ro");
        change("add", container).output();

        assertEquals(mounts, Json.parse(list(container).output()).get("mounts"));

        Result explain = Sandbox.current().runtime("explain", "--container", container.id()).run();
        assertTrue(
                explain.output().contains("mount tmpfs at /one, added while it ran  [mounts add]"),
                explain::describe);

        container.exec("umount", "/one").output();
        assertEquals(1, listed(container));
    }

    @Test
    void removesWhatWasAdded() throws IOException {
        Path source = source();
        var container = inUserNamespace().start("sleep", "60");
        mount("/data", "tmpfs", "tmpfs");
        mount("/data/file", "bind", source.resolve("f").toString());
        change("add", container).output();

        change("remove", container).output();

        assertEquals("", line(container, "/data"));
        assertEquals("", line(container, "/data/file"));
        assertEquals(0, listed(container));
    }

    @Test
    void removesWhatTheSpecificationHas() {
        var bundle = bundle().mount("/data", "tmpfs", "tmpfs");
        var container = bundle.start("sleep", "60");
        mount("/data", "tmpfs", "tmpfs");

        change("remove", container).output();

        assertEquals("", line(container, "/data"));
    }

    @Test
    void removesTheTopmostOfTwoAtOnePlace() {
        var container = bundle().start("sleep", "60");
        mount("/data", "tmpfs", "lower");
        change("add", container).output();
        mounts.removeAll();
        mount("/data", "tmpfs", "upper");
        change("add", container).output();

        change("remove", container).output();

        assertTrue(line(container, "/data").contains(" tmpfs lower "));
        change("remove", container).output();
        change("remove", container).failsWith("nothing is mounted at .*/data");
    }

    @Test
    void refusesToRemoveWhatTheContainerHasMounted() {
        var bundle = bundle().capabilities("CAP_SYS_ADMIN").directory("/own");
        var container = bundle.start("sleep", "60");
        container.exec("mount", "-t", "tmpfs", "tmpfs", "/own").output();
        mount("/own", "tmpfs", "tmpfs");

        change("remove", container)
                .failsWith("/own.* comes neither from config.json nor from mounts add");

        assertFalse(line(container, "/own").isEmpty());
    }

    /** The mask that the link leads to would be gone. */
    @Test
    @Escape("live-mount-mask")
    void linkDoesNotLeadARemovalToAMask() {
        var bundle = bundle().mount("/srv/data", "tmpfs", "tmpfs");
        bundle.file("/secret", "x").add("/linux/maskedPaths", "/secret");
        var container = bundle.start("sleep", "60");
        container
                .exec("sh", "-c", "mv /srv /old && mkdir /srv && ln -s /secret /srv/data")
                .output();
        mount("/srv/data", "tmpfs", "tmpfs");

        change("remove", container).failsWith("symbolic link is not followed");

        assertFalse(line(container, "/secret").isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "/data, cgroup2, '', is only mounted when a container is created",
        "/data, tmpfs, remount, and adds none",
        "/proc, bind, bind, would cover .*/proc/",
        "/, tmpfs, '', would cover the whole root",
        "/bin/busybox, tmpfs, '', not a directory",
        "/proc/self, tmpfs, '', is inside /proc",
        "/data, tmpfs, size=x, Bad value for 'size'",
        "/data, nosuchfs, '', ENODEV",
    })
    void refuses(String destination, String type, String option, String reason) {
        var container = bundle().start("sleep", "60");
        mount(destination, type, type.equals("bind") ? "/etc" : type, option);

        change("add", container).failsWith(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"add", "remove"})
    void refusesTheHostsMountNamespace(String command) {
        var bundle = bundle().withoutNamespace("mount");
        bundle.remove("/linux/maskedPaths").remove("/linux/readonlyPaths");
        bundle.json("/mounts", "[]");
        var container = bundle.start("sleep", "60");
        mount("/data", "tmpfs", "tmpfs");

        change(command, container).failsWith("no mount namespace of its own");
    }

    @Test
    void refusesAMountNamespaceThatWasJoined() {
        var sandbox = Sandbox.current();
        var owner = sandbox.command("unshare", "--mount", "sleep", "60").start();
        long pid = owner.pid();
        try {
            assertTrue(Host.becomes(3000, () -> isElsewhere(pid)));
            var bundle = bundle().namespace("mount", "/proc/" + pid + "/ns/mnt");
            bundle.remove("/linux/maskedPaths").remove("/linux/readonlyPaths");
            var container = bundle.json("/mounts", "[]").start("sleep", "60");
            mount("/data", "tmpfs", "tmpfs");

            change("add", container).failsWith("no mount namespace of its own");
        } finally {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static boolean isElsewhere(long pid) {
        try {
            Path theirs = Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/mnt"));
            return !theirs.equals(Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")));
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void refusesAStoppedContainer() {
        var container = bundle().start("true").awaitEnd();
        mount("/data", "tmpfs", "tmpfs");

        change("add", container).failsWith("cannot change the mounts of a container that is stop");
    }

    /** The target is resolved once, inside the root, whatever the container does meanwhile. */
    @Test
    void hostileContainerCannotDivertThem() throws IOException {
        Path victim = Sandbox.current().freshDirectory("victim");
        var bundle = bundle().directory("/a/d");
        bundle.directory(victim.toString()).link("/link", "/../../../.." + victim);
        String swap =
                "while true; do mv /a/d /a/e; ln -s ../../../../../.."
                        + victim
                        + " /a/d;"
                        + " rm /a/d; mv /a/e /a/d; done";
        var container = bundle.start("sh", "-c", swap + " 2>/dev/null");
        mount("/a/d", "tmpfs", "hostile");
        int added = 0;
        for (int i = 0; i < 40; i++) {
            Result add = change("add", container);
            added += add.status() == 0 ? 1 : 0;
            assertEquals(List.of(), Host.mounts(victim.toString()), add::describe);
        }
        assertTrue(added > 0, "none was added");
        assertEquals(added, listed(container));
        assertEquals(List.of(), Host.mounts(" hostile "));
        assertEquals(0, victim.toFile().list().length);
    }

    @Test
    void readOnlyRootHasNoRoomForNewDirectories() {
        var container = Bundle.busybox().directory("/there").start("sleep", "60");
        mount("/there", "tmpfs", "tmpfs");
        change("add", container).output();
        mounts.removeAll();
        mount("/missing", "tmpfs", "tmpfs");

        change("add", container).failsWith("/missing: is not there, .* read-only");
    }

    @Test
    void rootOfAUserNamespaceMakesDirectoriesWhereItMay() {
        var container = inUserNamespace().start("sleep", "60");
        mount("/missing", "tmpfs", "tmpfs");

        change("add", container).failsWith("/missing: is not there, .* may not write");
    }

    /** Its root may not make directories: the root file system belongs to the host's. */
    private static Bundle inUserNamespace() {
        var bundle = bundle().userNamespace(FIRST, 65536).directory("/data");
        return bundle.directory("/plain").directory("/mapped").directory("/own");
    }

    private static Bundle bundle() {
        return Bundle.busybox().writable();
    }

    private void mount(String destination, String type, String source, String... options) {
        ObjectNode mount = mounts.addObject().put("destination", destination);
        if (!type.isEmpty()) {
            mount.put("type", type);
        }
        mount.put("source", source);
        for (String option : options) {
            if (!option.isEmpty()) {
                mount.withArray("options").add(option);
            }
        }
    }

    private Result change(String how, Container container) {
        Path file = Sandbox.current().freshDirectory("mounts").resolve("mounts.json");
        try {
            Files.writeString(file, mounts.toString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return Sandbox.current().runtime("mounts", how, container.id(), file.toString()).run();
    }

    private static Result list(Container container) {
        return Sandbox.current().runtime("mounts", "list", container.id()).run();
    }

    private static int listed(Container container) {
        return Json.parse(list(container).output()).get("mounts").size();
    }

    /** Returns the line of mountinfo about the topmost mount there; empty if there is none. */
    private static String line(Container container, String destination) {
        String found = "";
        for (String line : Host.proc(container.pid(), "mountinfo").orElseThrow().split("\n", -1)) {
            String[] fields = line.split(" ", -1);
            found = fields.length > 4 && fields[4].equals(destination) ? line : found;
        }
        return found;
    }

    private static String owner(Container container, String path) {
        return container.exec("stat", "-c", "%u:%g", path).output().strip();
    }

    private static Path source() throws IOException {
        Path source = Sandbox.current().freshDirectory("source");
        Files.writeString(source.resolve("f"), "content\n");
        return source;
    }
}
