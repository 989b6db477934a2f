// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What hosts and containers of different ages show in mountinfo and cgroup, see proc(5). */
class HierarchiesTest {
    private static final String ROOT_MOUNT =
            """
            22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
            23 22 0:22 / /proc rw,nosuid shared:13 - proc proc rw
            """;
    private static final String V1_TMPFS =
            "25 24 0:23 / /sys/fs/cgroup ro,nosuid shared:6 - tmpfs tmpfs ro,mode=755\n";
    private static final String SYSTEMD =
            "26 25 0:24 / /sys/fs/cgroup/systemd rw,nosuid shared:7 - cgroup cgroup"
                    + " rw,xattr,release_agent=/lib/systemd/systemd-cgroups-agent,name=systemd\n";
    private static final String MEMORY =
            "27 25 0:25 / /sys/fs/cgroup/memory rw,nosuid shared:8 - cgroup cgroup rw,memory\n";
    private static final String CPU =
            "28 25 0:26 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup"
                    + " rw,cpu,cpuacct\n";
    private static final String UNIFIED =
            "29 25 0:27 / /sys/fs/cgroup/unified rw,nosuid shared:10 - cgroup2 cgroup2"
                    + " rw,nsdelegate\n";

    private static Hierarchies parse(String mountInfo, String own) {
        return Hierarchies.parse(ROOT_MOUNT + mountInfo, own);
    }

    @Test
    void v2AloneIsPure() {
        Hierarchies found =
                parse(
                        "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2"
                                + " rw,nsdelegate,memory_recursiveprot\n",
                        "0::/user.slice/user-0.slice/session-1.scope\n");

        assertTrue(found.isPureV2());
        assertEquals(
                List.of(
                        new Hierarchy(
                                List.of(),
                                "/sys/fs/cgroup",
                                "/user.slice/user-0.slice/session-1.scope")),
                found.all());
        assertEquals(Optional.of(found.all().get(0)), found.unified());
        assertEquals(Optional.empty(), found.of("memory"));
    }

    /** As where a hybrid host's v2 mount is hidden from programs that refuse it. */
    @Test
    void coveredMountIsNoHierarchy() {
        String own = "1:memory:/\n0::/\n";
        String tmpfs = " rw - tmpfs none rw\n";
        List<String> covers =
                List.of(
                        "40 29 0:40 / /sys/fs/cgroup/unified" + tmpfs,
                        "40 25 0:40 / /sys/fs/cgroup/uni" + tmpfs,
                        "40 25 0:40 / /sys/fs/cgroup" + tmpfs);
        List<List<String>> left = List.of(List.of("memory"), List.of("memory", ""), List.of());
        for (int i = 0; i < covers.size(); i++) {
            Hierarchies found = parse(V1_TMPFS + MEMORY + UNIFIED + covers.get(i), own);

            assertEquals(
                    left.get(i),
                    found.all().stream().map(h -> String.join(",", h.controllers())).toList());
        }
    }

    @Test
    void v1HierarchiesAreFoundByController() {
        Hierarchies found =
                parse(
                        V1_TMPFS + SYSTEMD + MEMORY + CPU,
                        "3:cpu,cpuacct:/a\n2:memory:/b/c\n1:name=systemd:/init.scope\n");

        assertFalse(found.isPureV2());
        assertEquals(Optional.empty(), found.unified());
        assertEquals(
                List.of(
                        new Hierarchy(
                                List.of("name=systemd"), "/sys/fs/cgroup/systemd", "/init.scope"),
                        new Hierarchy(List.of("memory"), "/sys/fs/cgroup/memory", "/b/c"),
                        new Hierarchy(
                                List.of("cpu", "cpuacct"), "/sys/fs/cgroup/cpu,cpuacct", "/a")),
                found.all());
        assertEquals("/b/c", found.of("memory").orElseThrow().ownPath());
        assertEquals(found.of("cpu"), found.of("cpuacct"));
        assertEquals("cpu,cpuacct", found.of("cpu").orElseThrow().directoryName());
        assertEquals(Optional.empty(), found.of("pids"));
    }

    @Test
    void hybridHasBoth() {
        Hierarchies found =
                parse(
                        V1_TMPFS + UNIFIED + SYSTEMD + MEMORY,
                        "2:memory:/\n1:name=systemd:/x\n0::/y\n");

        assertFalse(found.isPureV2());
        assertEquals("/sys/fs/cgroup/unified", found.unified().orElseThrow().mountPoint());
        assertEquals("/y", found.unified().orElseThrow().ownPath());
        assertEquals("/", found.of("memory").orElseThrow().ownPath());
        assertEquals(3, found.all().size());
    }

    @Test
    void mountThatIsShownTwiceCountsOnce() {
        Hierarchies found = parse(V1_TMPFS + MEMORY + MEMORY, "2:memory:/\n");

        assertEquals(1, found.all().size());
    }

    @Test
    void cgroupsOfAContainerBelowItsRootFileSystemAreNotTheHosts() {
        String theirs =
                "99 90 0:25 /docker/abc /var/lib/docker/x/merged/sys/fs/cgroup/memory ro"
                        + " - cgroup cgroup rw,memory\n";
        Hierarchies found = parse(V1_TMPFS + MEMORY + theirs, "2:memory:/\n");

        assertEquals(
                List.of(new Hierarchy(List.of("memory"), "/sys/fs/cgroup/memory", "/")),
                found.all());
    }

    @Test
    void partOfAHierarchyMountedElsewhereIsNoOtherHierarchy() {
        String part = "99 90 0:25 /docker/abc /mnt/theirs ro - cgroup cgroup rw,memory\n";
        Hierarchies found = parse(V1_TMPFS + MEMORY + part, "2:memory:/\n");

        assertEquals(1, found.all().size());
    }

    @Test
    void insideAContainerWithoutACgroupNamespacePathsAreRelativeToWhatIsShown() {
        String shown =
                "27 25 0:25 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n";

        assertEquals(
                "/", parse(shown, "2:memory:/docker/abc\n").of("memory").orElseThrow().ownPath());
        assertEquals(
                "/x",
                parse(shown, "2:memory:/docker/abc/x\n").of("memory").orElseThrow().ownPath());
    }

    @Test
    void optionsThatAreNoControllersAreNone() {
        String labelled =
                "27 25 0:25 / /sys/fs/cgroup/memory rw - cgroup cgroup"
                        + " rw,seclabel,favordynmods,memory\n";

        assertEquals(
                List.of("memory"),
                parse(labelled, "2:memory:/\n").of("memory").orElseThrow().controllers());
    }

    @Test
    void blanksInAMountPointAreDecoded() {
        String blank = "27 25 0:25 / /my\\040cgroups/memory rw - cgroup cgroup rw,memory\n";

        assertEquals(
                "/my cgroups/memory",
                parse(blank, "2:memory:/\n").of("memory").orElseThrow().mountPoint());
    }

    @Test
    void insideAContainerOfAnOwnCgroupNamespaceItsGroupIsTheRoot() {
        Hierarchies found =
                parse("30 23 0:26 / /sys/fs/cgroup ro - cgroup2 cgroup rw,nsdelegate\n", "0::/\n");

        assertTrue(found.isPureV2());
        assertEquals("/", found.unified().orElseThrow().ownPath());
    }

    @Test
    void colonsInAPathBelongToIt() {
        Hierarchies found = parse(V1_TMPFS + MEMORY, "2:memory:/cri-containerd:abc:d\n");

        assertEquals("/cri-containerd:abc:d", found.of("memory").orElseThrow().ownPath());
    }

    @Test
    void controllersWithSimilarNamesAreKeptApart() {
        String cpuset =
                "31 25 0:31 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset,clone_children\n";
        Hierarchies found = parse(V1_TMPFS + cpuset + CPU, "5:cpuset:/s\n4:cpu,cpuacct:/c\n");

        assertEquals("/s", found.of("cpuset").orElseThrow().ownPath());
        assertEquals(List.of("cpuset"), found.of("cpuset").orElseThrow().controllers());
        assertEquals("/c", found.of("cpu").orElseThrow().ownPath());
    }

    @Test
    void hostWithoutCgroupsHasNone() {
        assertEquals(List.of(), parse("", "").all());
        assertFalse(parse("", "").isPureV2());
    }

    @Test
    void thisHostCanBeRead() {
        assertFalse(Hierarchies.read().all().stream().anyMatch(h -> h.mountPoint().isEmpty()));
    }
}
