// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Failure;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Source: runtime-spec config-linux.md#cgroups-path. */
class CgroupPathsTest {
    private static Hierarchy v1(String own) {
        return new Hierarchy(List.of("memory"), "/sys/fs/cgroup/memory", own);
    }

    private static Hierarchy v2(String own) {
        return new Hierarchy(List.of(), "/sys/fs/cgroup", own);
    }

    private static String in(Hierarchy hierarchy, String path) {
        return CgroupPaths.in(hierarchy, Optional.of(path), "web1");
    }

    @Test
    void absolutePathIsBelowTheMountPoint() {
        assertEquals("/a/b", in(v1("/own"), "/a/b"));
        assertEquals("/a/b", in(v2("/own"), "/a//./b/"));
    }

    @Test
    void relativePathIsBelowTheCallersCgroup() {
        assertEquals("/own/group/a/b", in(v1("/own/group"), "a/b"));
        assertEquals("/a", in(v1("/"), "a"));
    }

    @Test
    void absentOrEmptyPathIsTheIdBelowTheCallersCgroup() {
        assertEquals("/own/web1", CgroupPaths.in(v1("/own"), Optional.empty(), "web1"));
        assertEquals("/own/web1", in(v1("/own"), ""));
        assertEquals("/web1", CgroupPaths.in(v1("/"), Optional.empty(), "web1"));
    }

    @Test
    void onV2TheCallersParentHoldsIt() {
        assertEquals("/a/b/web1", CgroupPaths.in(v2("/a/b/shell.scope"), Optional.empty(), "web1"));
        assertEquals("/x", in(v2("/shell.scope"), "x"));
        assertEquals("/x", in(v2("/"), "x"));
    }

    @Test
    void parentsNeverLeadAbove() {
        assertEquals("/a", in(v1("/own"), "/../../a"));
        assertEquals("/own/a", in(v1("/own"), "../../a"));
        assertEquals("/own/c", in(v1("/own"), "a/../../b/../c"));
        assertEquals("/b", in(v1("/own"), "/a/../b"));
    }

    @Test
    void dotsInANameAreNoParents() {
        assertEquals("/own/..a/b..", in(v1("/own"), "..a/b.."));
        assertEquals("/own/...", in(v1("/own"), "..."));
    }

    @Test
    void rootIsRefused() {
        for (String root : List.of("/", "//", "/.", "/a/..", "..", "a/..")) {
            Failure failure = assertThrows(Failure.class, () -> in(v1("/own"), root), root);

            assertEquals("linux.cgroupsPath", failure.path());
            assertEquals("name a cgroup of the container's own", failure.hint());
        }
    }
}
