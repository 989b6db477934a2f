// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Flag;
import io.jrunc.linux.MountAttr;
import io.jrunc.spec.Mount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Source: runtime-spec config.md#linux-mount-options. */
class MountOptionsTest {
    private static final String TABLE =
            """
            async file system async
            atime clear MOUNT_ATTR_NOATIME
            bind bind
            defaults -
            copy-symlink COPY_SYMLINK
            dest-nofollow DESTINATION_NOFOLLOW
            dev clear MOUNT_ATTR_NODEV
            diratime clear MOUNT_ATTR_NODIRATIME
            dirsync file system dirsync
            exec clear MOUNT_ATTR_NOEXEC
            idmap -
            iversion file system iversion
            lazytime file system lazytime
            loud -
            mand file system mand
            noatime set MOUNT_ATTR_NOATIME
            nodev set MOUNT_ATTR_NODEV
            nodiratime set MOUNT_ATTR_NODIRATIME
            noexec set MOUNT_ATTR_NOEXEC
            noiversion -
            nolazytime file system nolazytime
            nomand file system nomand
            norelatime -
            nostrictatime clear MOUNT_ATTR_STRICTATIME
            nosuid set MOUNT_ATTR_NOSUID
            nosymfollow set MOUNT_ATTR_NOSYMFOLLOW
            private PRIVATE
            ratime clear all MOUNT_ATTR_NOATIME
            rbind bind all
            rdev clear all MOUNT_ATTR_NODEV
            rdiratime clear all MOUNT_ATTR_NODIRATIME
            relatime clear MOUNT_ATTR_NOATIME
            remount REMOUNT
            rexec clear all MOUNT_ATTR_NOEXEC
            ridmap -
            rnoatime set all MOUNT_ATTR_NOATIME
            rnodev set all MOUNT_ATTR_NODEV
            rnodiratime set all MOUNT_ATTR_NODIRATIME
            rnoexec set all MOUNT_ATTR_NOEXEC
            rnorelatime -
            rnostrictatime clear all MOUNT_ATTR_STRICTATIME
            rnosuid set all MOUNT_ATTR_NOSUID
            rnosymfollow set all MOUNT_ATTR_NOSYMFOLLOW
            ro set MOUNT_ATTR_RDONLY
            rprivate PRIVATE all
            rrelatime clear all MOUNT_ATTR_NOATIME
            rro set all MOUNT_ATTR_RDONLY
            rrw clear all MOUNT_ATTR_RDONLY
            rshared SHARED all
            rslave SLAVE all
            rstrictatime set all MOUNT_ATTR_STRICTATIME
            rsuid clear all MOUNT_ATTR_NOSUID
            rsymfollow clear all MOUNT_ATTR_NOSYMFOLLOW
            runbindable UNBINDABLE all
            rw clear MOUNT_ATTR_RDONLY
            shared SHARED
            silent -
            slave SLAVE
            src-nofollow SOURCE_NOFOLLOW
            strictatime set MOUNT_ATTR_STRICTATIME
            suid clear MOUNT_ATTR_NOSUID
            symfollow clear MOUNT_ATTR_NOSYMFOLLOW
            sync file system sync
            tmpcopyup COPY_UP
            unbindable UNBINDABLE
            """;

    private static MountOptions of(String... options) {
        return MountOptions.of(
                new Mount(
                        "/data",
                        Optional.of("tmpfs"),
                        Optional.empty(),
                        List.of(options),
                        List.of(),
                        List.of()));
    }

    private static void add(List<String> effects, String what, Set<MountAttr> attributes) {
        if (!attributes.isEmpty()) {
            effects.add(what + " " + Flag.names(attributes));
        }
    }

    private static String describe(MountOptions options) {
        List<String> effects = new ArrayList<>();
        add(effects, "set", options.set());
        add(effects, "clear", options.clear());
        add(effects, "set all", options.recursiveSet());
        add(effects, "clear all", options.recursiveClear());
        options.fileSystemFlags().forEach(flag -> effects.add("file system " + flag));
        options.data().forEach(word -> effects.add("data " + word));
        for (MountOptions.Spread spread : options.propagation()) {
            effects.add(spread.propagation() + (spread.recursive() ? " all" : ""));
        }
        if (options.bind()) {
            effects.add(options.recursive() ? "bind all" : "bind");
        }
        options.extras().forEach(extra -> effects.add(extra.toString()));
        return effects.isEmpty() ? "-" : String.join(", ", effects);
    }

    @Test
    void everyOptionHasItsEffect() {
        Map<String, String> expected = new TreeMap<>();
        for (String line : TABLE.lines().toList()) {
            int space = line.indexOf(' ');
            expected.put(line.substring(0, space), line.substring(space + 1));
        }
        Map<String, String> actual = new TreeMap<>();
        for (String name : MountOptions.names()) {
            actual.put(name, describe(of(name)));
        }

        assertEquals(expected, actual);
    }

    @Test
    void namesAreSorted() {
        List<String> sorted = new ArrayList<>(MountOptions.names());
        sorted.sort(null);

        assertEquals(sorted, MountOptions.names());
    }

    @Test
    void laterOptionUndoesAnEarlierOne() {
        assertEquals("clear MOUNT_ATTR_RDONLY", describe(of("ro", "rw")));
        assertEquals("set MOUNT_ATTR_RDONLY", describe(of("rw", "ro")));
        assertEquals("set all MOUNT_ATTR_NODEV", describe(of("rdev", "rnodev")));
        assertTrue(of("rw", "ro").readOnly());
        assertFalse(of("ro", "rw").readOnly());
    }

    @Test
    void waysToKeepAccessTimesExcludeEachOther() {
        assertEquals("set MOUNT_ATTR_STRICTATIME", describe(of("noatime", "strictatime")));
        assertEquals("set MOUNT_ATTR_NOATIME", describe(of("strictatime", "noatime")));
        assertEquals("clear MOUNT_ATTR_NOATIME", describe(of("strictatime", "relatime")));
        assertEquals("set all MOUNT_ATTR_NOATIME", describe(of("rstrictatime", "rnoatime")));
        assertEquals("clear all MOUNT_ATTR_NOATIME", describe(of("rstrictatime", "rrelatime")));
    }

    @Test
    void plainAndRecursiveOptionsAreKeptApart() {
        MountOptions options = of("rro", "rw");

        assertEquals("clear MOUNT_ATTR_RDONLY, set all MOUNT_ATTR_RDONLY", describe(options));
        assertFalse(options.readOnly());
    }

    @Test
    void unknownOptionsGoToTheFileSystemInOrder() {
        assertEquals(
                List.of("mode=755", "size=64k", "gid=5", "acl", "RO"),
                of("mode=755", "nosuid", "size=64k", "gid=5", "acl", "RO").data());
    }

    @Test
    void propagationIsKeptInOrder() {
        assertEquals("PRIVATE all, SHARED", describe(of("rprivate", "shared")));
    }

    @Test
    void typeBindIsABindMountWithoutTheOption() {
        Mount mount =
                new Mount(
                        "/data",
                        Optional.of("bind"),
                        Optional.of("/src"),
                        List.of(),
                        List.of(),
                        List.of());

        assertTrue(MountOptions.of(mount).bind());
        assertFalse(MountOptions.of(mount).recursive());
    }

    @Test
    void bindAndRbindTogetherAreRecursive() {
        assertEquals("bind all", describe(of("rbind", "bind")));
    }

    @Test
    void engineDefaultsAreUnderstood() {
        MountOptions dev = of("nosuid", "strictatime", "mode=755", "size=65536k");

        assertEquals(Arrays.asList("mode=755", "size=65536k"), dev.data());
        assertEquals(Set.of(MountAttr.NOSUID, MountAttr.STRICTATIME), dev.set());
    }
}
