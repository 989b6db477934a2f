// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.rootfs;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each option, as /proc/self/mountinfo shows it inside. Source: runtime-spec
 * config.md#linux-mount-options, mount(8).
 */
@Requires(ROOT)
class MountOptionsIT {
    private Path source;
    private final List<String> points = new ArrayList<>();

    @BeforeEach
    void makeSource() {
        source = Sandbox.current().freshDirectory("source");
    }

    @AfterEach
    void unmount() {
        Collections.reverse(points);
        for (String point : points) {
            Sandbox.current().command("umount", "-l", point).run().output();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ro, ro",
        "nosuid, nosuid",
        "nodev, nodev",
        "noexec, noexec",
        "noatime, noatime",
        "nodiratime, nodiratime",
        "relatime, relatime"
    })
    @Shows({
        "mounts.options=ro",
        "mounts.options=nosuid",
        "mounts.options=nodev",
        "mounts.options=noexec",
        "mounts.options=noatime",
        "mounts.options=nodiratime",
        "mounts.options=relatime"
    })
    void flagIsSet(String option, String shown) {
        assertTrue(ofBind("bind", option).contains(shown));
        assertTrue(ofTmpfs(option).contains(shown));
    }

    @Test
    @Requires(JRUNC) // runc 1.1 does not know it
    @Shows("mounts.options=nosymfollow")
    void linksAreNotFollowed() {
        assertTrue(ofBind("bind", "nosymfollow").contains("nosymfollow"));
        assertTrue(ofTmpfs("nosymfollow").contains("nosymfollow"));
    }

    @Test
    @Shows("mounts.options=strictatime")
    void strictAccessTimesAreShownByTheAbsenceOfOthers() {
        assertEquals(List.of("rw"), ofBind("bind", "strictatime"));
        assertEquals(List.of("rw"), ofTmpfs("strictatime"));
    }

    @ParameterizedTest
    @CsvSource({
        "ro, rw",
        "nosuid, suid",
        "nodev, dev",
        "noexec, exec",
        "nodiratime, diratime",
        "noatime, atime",
        "noatime, relatime"
    })
    @Shows({
        "mounts.options=rw",
        "mounts.options=suid",
        "mounts.options=dev",
        "mounts.options=exec",
        "mounts.options=diratime",
        "mounts.options=atime"
    })
    void flagOfTheSourceIsCleared(String set, String option) {
        mountSource(source, set);

        assertTrue(ofBind("bind").contains(set));
        assertEquals(List.of("rw", "relatime"), ofBind("bind", option));
    }

    @Test
    @Requires(JRUNC) // runc 1.1 does not know it
    @Shows("mounts.options=symfollow")
    void linksAreFollowedAgain() {
        mountSource(source, "nosymfollow");

        assertEquals(List.of("rw", "relatime"), ofBind("bind", "symfollow"));
    }

    @Test
    @Requires(JRUNC) // runc 1.1 leaves it strict
    @Shows("mounts.options=nostrictatime")
    void strictAccessTimesAreCleared() {
        mountSource(source, "strictatime");

        assertEquals(List.of("rw"), ofBind("bind"));
        assertEquals(List.of("rw", "relatime"), ofBind("bind", "nostrictatime"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"norelatime", "defaults", "loud", "silent", "noiversion", "iversion"})
    @Requires(JRUNC) // runc 1.1 hands defaults to the file system
    @Shows({
        "mounts.options=norelatime",
        "mounts.options=defaults",
        "mounts.options=loud",
        "mounts.options=silent",
        "mounts.options=noiversion",
        "mounts.options=iversion"
    })
    void differencesWithoutAnEffectAreAccepted(String option) {
        assertEquals(List.of("rw", "relatime"), ofBind("bind", option));
        assertEquals(List.of("rw", "relatime"), ofTmpfs(option));
    }

    @ParameterizedTest
    @CsvSource({
        "rro, ro",
        "rnosuid, nosuid",
        "rnodev, nodev",
        "rnoexec, noexec",
        "rnoatime, noatime",
        "rnodiratime, nodiratime",
        "rnosymfollow, nosymfollow",
        "rrelatime, relatime",
        "rnorelatime, relatime"
    })
    @Requires(JRUNC) // runc 1.1 forgets some of them
    @Shows({
        "mounts.options=rro",
        "mounts.options=rnosuid",
        "mounts.options=rnodev",
        "mounts.options=rnoexec",
        "mounts.options=rnoatime",
        "mounts.options=rnodiratime",
        "mounts.options=rnosymfollow",
        "mounts.options=rrelatime",
        "mounts.options=rnorelatime"
    })
    void flagIsSetOnAllBelow(String option, String shown) throws IOException {
        mountBelow("rw");

        for (List<String> mount : ofTree(option)) {
            assertTrue(mount.contains(shown), mount::toString);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ro, rrw",
        "nosuid, rsuid",
        "nodev, rdev",
        "noexec, rexec",
        "nodiratime, rdiratime",
        "noatime, ratime",
        "noatime, rrelatime",
        "strictatime, rnostrictatime",
        "nosymfollow, rsymfollow"
    })
    @Requires(JRUNC)
    @Shows({
        "mounts.options=rrw",
        "mounts.options=rsuid",
        "mounts.options=rdev",
        "mounts.options=rexec",
        "mounts.options=rdiratime",
        "mounts.options=ratime",
        "mounts.options=rrelatime",
        "mounts.options=rnostrictatime",
        "mounts.options=rsymfollow"
    })
    void flagIsClearedOnAllBelow(String set, String option) throws IOException {
        mountBelow("rw");
        remount(source, set);
        remount(source.resolve("below"), set);

        for (List<String> mount : ofTree(option)) {
            assertEquals(List.of("rw", "relatime"), mount);
        }
    }

    @Test
    @Requires(JRUNC)
    @Shows("mounts.options=rstrictatime")
    void strictAccessTimesReachAllBelow() throws IOException {
        mountBelow("rw");

        for (List<String> mount : ofTree("rstrictatime")) {
            assertEquals(List.of("rw"), mount);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "dirsync", "lazytime", "mand"})
    @Shows({
        "mounts.options=sync",
        "mounts.options=dirsync",
        "mounts.options=lazytime",
        "mounts.options=mand"
    })
    void flagOfTheFileSystemIsSet(String option) {
        assertTrue(fileSystemOptions(option).contains(option));
    }

    @ParameterizedTest
    @CsvSource({"sync, async", "lazytime, nolazytime", "mand, nomand"})
    @Shows({
        "mounts.options=async",
        "mounts.options=nolazytime",
        "mounts.options=nomand",
        "mounts.options=remount"
    })
    void flagOfTheFileSystemIsClearedAgain(String set, String clear) {
        assertTrue(!fileSystemOptions(set, clear).contains(set));
        var bundle = Bundle.busybox().mount("/data", "tmpfs", "t", set);
        bundle.mount("/data", "tmpfs", "t", "remount", clear);
        assertTrue(!lastOptions(bundle).contains(set));
    }

    @ParameterizedTest
    @CsvSource({
        "shared, shared, false",
        "rshared, shared, true",
        "slave, master, false",
        "rslave, master, true",
        "private, none, false",
        "rprivate, none, true",
        "unbindable, unbindable, false",
        "runbindable, unbindable, true"
    })
    @Shows({
        "mounts.options=shared",
        "mounts.options=rshared",
        "mounts.options=slave",
        "mounts.options=rslave",
        "mounts.options=private",
        "mounts.options=rprivate",
        "mounts.options=unbindable",
        "mounts.options=runbindable"
    })
    void propagationIsSet(String option, String shown, boolean recursive) throws IOException {
        mountBelow("rw");
        Sandbox.current().command("mount", "--make-rshared", source + "").run().output();
        // So that the source is neither what is asked for nor made private by the runtime.
        var bundle = Bundle.busybox().set("/linux/rootfsPropagation", "rslave");
        bundle.bind(source, "/data", "rbind", option);

        Result lines = bundle.sh("awk '$5 ~ \"^/data\" {print $5, $7}' /proc/self/mountinfo");

        assertEquals(2, lines.lines().size(), lines::describe);
        for (String line : lines.lines()) {
            boolean below = line.startsWith("/data/below");
            String expected = !below || recursive ? shown : "master";
            assertEquals(expected, propagation(line), lines::describe);
        }
    }

    /** As mountinfo writes it: {@code shared:4}, {@code master:2}, or the separator. */
    /** As runc since 1.2, and mount(8): options that name a flag name all of them. */
    @ParameterizedTest
    @CsvSource({
        "nodev, rw nodev relatime",
        "dev, rw relatime",
        "rw, rw relatime",
        "ro, ro relatime",
        "'', ro nosuid noexec relatime",
        "rprivate, ro nosuid noexec relatime"
    })
    @Requires(JRUNC) // runc 1.1 keeps them
    @Shows({"mounts.options=bind", "mounts.options=rw"})
    void flagsThatAreNotNamedAreClearedIfOthersAre(String option, String shown) {
        mountSource(source, "ro,nosuid,noexec");

        List<String> options = option.isEmpty() ? ofBind("bind") : ofBind("bind", option);

        assertEquals(List.of(shown.split(" ", -1)), options);
    }

    @Test
    @Requires(JRUNC)
    void flagsThatAUserNamespaceLocksStay() {
        mountSource(source, "nosuid,noexec");
        var bundle = Bundle.busybox().userNamespace(100000, 65536).directory("/data");

        var options = options(bundle.mount("/data", "bind", source.toString(), "bind", "nodev"));

        assertEquals(List.of("rw", "nosuid", "nodev", "noexec", "relatime"), options);
    }

    /** Podman writes such lists; mount(2) is given them as one string. */
    @ParameterizedTest
    @ValueSource(strings = {"size=64k,mode=1700", "size=64k,,mode=1700,", ",mode=1700,size=64k"})
    @Shows("mounts.options")
    void optionsOfTheFileSystemMayBeJoined(String option) {
        var bundle = Bundle.busybox().mount("/data", "tmpfs", "tmpfs", option, "");

        Result look = bundle.sh("stat -c %a /data; grep -c size=64k /proc/mounts");

        assertEquals(List.of("1700", "1"), look.lines());
    }

    private static String propagation(String line) {
        String word = line.substring(line.indexOf(' ') + 1);
        return word.equals("-") ? "none" : word.replaceAll(":.*", "");
    }

    private List<String> ofBind(String... options) {
        return options(Bundle.busybox().mount("/data", "bind", source.toString(), options));
    }

    private static List<String> ofTmpfs(String... options) {
        return options(Bundle.busybox().mount("/data", "tmpfs", "t", options));
    }

    /** The options of the source and of what is mounted below it, bound with this option. */
    private List<List<String>> ofTree(String option) {
        var bundle = Bundle.busybox().bind(source, "/data", "rbind", option);
        Result lines = bundle.sh("awk '$5 ~ \"^/data\" {print $6}' /proc/self/mountinfo");
        assertEquals(2, lines.lines().size(), lines::describe);
        return lines.lines().stream().map(line -> Arrays.asList(line.split(",", -1))).toList();
    }

    private static List<String> options(Bundle bundle) {
        Result line = bundle.sh("awk '$5 == \"/data\" {print $6}' /proc/self/mountinfo");
        return List.of(line.output().split(",", -1));
    }

    private static List<String> fileSystemOptions(String... options) {
        return lastOptions(Bundle.busybox().mount("/data", "tmpfs", "t", options));
    }

    private static List<String> lastOptions(Bundle bundle) {
        Result line = bundle.sh("awk '$5 == \"/data\" {print $NF}' /proc/self/mountinfo");
        return List.of(line.output().split(",", -1));
    }

    private void mountBelow(String options) throws IOException {
        mountSource(source, options);
        mountSource(Files.createDirectory(source.resolve("below")), options);
    }

    private void mountSource(Path point, String options) {
        var mount =
                Sandbox.current().command("mount", "-t", "tmpfs", "-o", options, "t", point + "");
        mount.run().output();
        points.add(point.toString());
    }

    private static void remount(Path point, String options) {
        String all = "remount,bind," + options;
        Sandbox.current().command("mount", "-o", all, point.toString()).run().output();
    }
}
