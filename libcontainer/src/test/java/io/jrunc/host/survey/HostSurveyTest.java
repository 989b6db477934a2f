// SPDX-License-Identifier: Apache-2.0
package io.jrunc.host.survey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.cgroup.Hierarchies;
import io.jrunc.cgroup.Hierarchy;
import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts that lack something, made of files. */
class HostSurveyTest {
    private static final HostSurvey.Caller ROOT = new HostSurvey.Caller(0, "root", false);
    private static final HostSurvey.Caller ANN = new HostSurvey.Caller(1000, "ann", false);

    @TempDir Path host;
    private Hierarchies hierarchies = new Hierarchies(List.of());
    private HostSurvey.Caller caller = ROOT;

    private void file(String path, String content) throws IOException {
        Path file = host.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private List<Fact> facts() {
        String path = host.resolve("bin").toString();
        return new HostSurvey(LocalKernel.get(), host.toString(), hierarchies, caller, path)
                .facts();
    }

    private List<String> missing() {
        List<String> names = new ArrayList<>();
        for (Fact fact : facts()) {
            if (fact instanceof Fact.Missing) {
                names.add(fact.section() + ": " + fact.name());
            }
        }
        return names;
    }

    private Fact fact(String section, String name) {
        return facts().stream()
                .filter(one -> one.section().equals(section) && one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A host on which nothing is missing; each test takes something away. */
    private void completeHost() throws IOException {
        file("/proc/sys/kernel/osrelease", "6.1.0-18-amd64\n");
        for (String type : List.of("cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts")) {
            file("/proc/self/ns/" + type, "");
        }
        file("/proc/sys/user/max_user_namespaces", "100\n");
        String actions = "kill_process kill_thread trap errno user_notif trace log allow\n";
        file("/proc/sys/kernel/seccomp/actions_avail", actions);
        file("/proc/pressure/memory", "");
        file("/proc/swaps", "");
        file("/proc/filesystems", "nodev\tresctrl\n");
        file("/sys/module/apparmor/parameters/enabled", "Y\n");
        file("/sys/kernel/security/lsm", "capability,landlock,apparmor");
        file("/run/systemd/system/x", "");
        for (String program : List.of("criu", "ps", "newuidmap", "newgidmap")) {
            file("/bin/" + program, "");
            host.resolve("bin").resolve(program).toFile().setExecutable(true);
        }
        String controllers = "cpuset cpu io memory hugetlb pids rdma\n";
        file("/sys/fs/cgroup/cgroup.controllers", controllers);
        hierarchies = new Hierarchies(List.of(unified("/")));
    }

    private Hierarchy unified(String own) {
        return new Hierarchy(List.of(), "/sys/fs/cgroup", own);
    }

    @Test
    void nothingIsMissingOnACompleteHost() throws IOException {
        completeHost();

        assertEquals(List.of(), missing());
        assertEquals(new Fact.Text("cgroup", "layout", "v2"), fact("cgroup", "layout"));
        assertEquals(
                new Fact.Words("lsm", "active", List.of("capability", "landlock", "apparmor")),
                fact("lsm", "active"));
    }

    @Test
    void emptyHostLacksEverything() {
        List<String> missing = missing();

        for (String name :
                List.of(
                        "cgroup: cgroup file system",
                        "namespaces: time",
                        "user_namespaces: user namespaces",
                        "seccomp: seccomp",
                        "lsm: AppArmor or SELinux",
                        "programs: criu",
                        "programs: systemd",
                        "programs: ps")) {
            assertTrue(missing.contains(name), () -> name + " in " + missing);
        }
    }

    @Test
    void oldKernelIsNamed() throws IOException {
        completeHost();
        file("/proc/sys/kernel/osrelease", "5.10.0-28-amd64\n");

        assertTrue(missing().contains("kernel: Linux 5.14"), missing()::toString);
    }

    @Test
    void controllerThatIsNotThereIsNamedAsV2NamesIt() throws IOException {
        completeHost();
        file("/sys/fs/cgroup/cgroup.controllers", "cpuset cpu memory pids\n");

        List<String> missing = missing();

        assertTrue(missing.contains("cgroup: io"), missing::toString);
        assertTrue(missing.contains("cgroup: hugetlb"), missing::toString);
        assertFalse(missing.contains("cgroup: blkio"), missing::toString);
        assertFalse(missing.contains("cgroup: memory"), missing::toString);
    }

    /**
     * Root's own cgroup lacks controllers that were never enabled; an ordinary user enables none.
     */
    @Test
    void rootEnablesControllersAndAnOrdinaryUserDoesNot() throws IOException {
        completeHost();
        assertFalse(missing().contains("cgroup: rdma for this user"), missing()::toString);

        caller = ANN;

        assertTrue(missing().contains("cgroup: rdma for this user"), missing()::toString);
    }

    @Test
    void swapLimitIsLookedForInTheCallersCgroup() throws IOException {
        completeHost();
        hierarchies = new Hierarchies(List.of(unified("/user")));
        assertTrue(missing().contains("cgroup: swap limit"), missing()::toString);

        file("/sys/fs/cgroup/user/memory.swap.max", "max\n");
        assertFalse(missing().contains("cgroup: swap limit"), missing()::toString);
    }

    @Test
    void subordinateIdsAreThoseOfTheCaller() throws IOException {
        completeHost();
        caller = ANN;
        assertTrue(missing().contains("user_namespaces: subordinate_uids"), missing()::toString);

        file("/etc/subuid", "bob:1:2\nann:100000:65536\n1000:300000:10\nann:x:1\n");

        assertEquals(
                List.of("100000-165535", "300000-300009"),
                ((Fact.Words) fact("user_namespaces", "subordinate_uids")).values());
        assertFalse(missing().contains("user_namespaces: subordinate_uids"), missing()::toString);
        assertTrue(missing().contains("user_namespaces: subordinate_gids"), missing()::toString);
    }

    @Test
    void switchesOfDistributionsCountForOrdinaryUsersOnly() throws IOException {
        completeHost();
        file("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n");
        assertFalse(missing().contains("user_namespaces: user namespaces"), missing()::toString);

        caller = ANN;

        assertTrue(missing().contains("user_namespaces: user namespaces"), missing()::toString);
        file("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "0\n");
        assertFalse(missing().contains("user_namespaces: user namespaces"), missing()::toString);
        file("/proc/sys/kernel/unprivileged_userns_clone", "0\n");
        assertTrue(missing().contains("user_namespaces: user namespaces"), missing()::toString);
    }

    @Test
    void mappingToolWithoutPrivilegesIsNamed() throws IOException {
        completeHost();
        caller = ANN;

        assertTrue(
                missing().contains("user_namespaces: newuidmap with privileges"),
                missing()::toString);
    }
}
