// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.lifecycle;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.RUNC;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A process sees the same under Debian's runc as here, on the same config.json and with the same
 * id. Deliberate differences are in {@link #normalized}, each with its reason.
 */
@Requires({ROOT, JRUNC, RUNC})
class ParityIT {
    private static final String BOUND_DEVICE =
            "(/(?:null|zero|full|random|urandom|tty) /\\S+) rw,(?=\\S+ - devtmpfs)";

    /** What a process can see, as shell commands; PID stands for the container's first process. */
    private static final Map<String, String> PROBES =
            probes(
                    "credentials",
                    "grep -E '^(Uid|Gid|Groups|Umask|NoNewPrivs|Cap|Seccomp)' /proc/PID/status",
                    "signals",
                    "grep -E '^(SigPnd|ShdPnd|SigBlk|SigIgn|SigCgt)' /proc/PID/status",
                    "placement",
                    "grep -E '^(NSpid|NSpgid|NSsid|PPid|Threads|Cpus_allowed|Mems_allowed):'"
                            + " /proc/PID/status",
                    "mountinfo",
                    "cat /proc/PID/mountinfo",
                    "devices",
                    "cd /dev && find . ! -path './mqueue/*' | sort | xargs busybox stat -c"
                            + " '%N %A %u %g %t:%T'",
                    "root",
                    "cd / && ls -lan | grep -vE ' (bin|proc|sys)$' |"
                            + " awk '{print $1,$2,$3,$4,$9,$10,$11}'",
                    "mount points",
                    "busybox stat -c '%n %A %u %g' /proc /sys /dev /dev/pts /dev/shm /dev/mqueue"
                            + " /tmp /sys/fs/cgroup",
                    "id",
                    "id",
                    "names",
                    "hostname; cat /proc/sys/kernel/domainname",
                    "descriptors",
                    "cd /proc/PID/fd && for f in *; do case $f in 0|1|2) ;; *) readlink $f;; esac;"
                            + " done; echo only",
                    "limits",
                    "cat /proc/PID/limits",
                    "umask",
                    "umask",
                    "environment",
                    "tr '\\0' '\\n' </proc/PID/environ",
                    "directory",
                    "pwd; readlink /proc/PID/cwd; readlink /proc/PID/root",
                    "oom",
                    "cat /proc/PID/oom_score_adj",
                    "cgroup",
                    "cat /proc/PID/cgroup",
                    "maps",
                    "cat /proc/PID/uid_map /proc/PID/gid_map /proc/PID/setgroups",
                    "time offsets",
                    "cat /proc/PID/timens_offsets 2>/dev/null",
                    "network",
                    "ip addr; ip route",
                    "scheduling",
                    "cut -d' ' -f5-8,18,19,40,41 /proc/PID/stat",
                    "program",
                    "readlink /proc/PID/exe; head -c 6 /proc/PID/cmdline | tr '\\0' ' '; cat /proc/PID/comm",
                    "restricted",
                    "for f in /proc/kcore /proc/keys /proc/timer_list; do"
                            + " cat $f 2>&1 | wc -c; done; ls -A /proc/acpi /proc/scsi"
                            + " /sys/firmware; touch /proc/sys/kernel/shmmax 2>&1; touch /x 2>&1 && rm /x");

    private Bundle bundle;

    @BeforeEach
    void makeBundle() {
        bundle = Bundle.busybox();
    }

    @Test
    void defaultBundle() {
        assertSameView();
    }

    @Test
    void writableBundleWithEverythingAnEngineSets() {
        engineLike();

        assertSameView();
    }

    @Test
    void unprivilegedUserWithGroupsAndAmbientCapabilities() {
        bundle.user(1000, 1001).add("/process/user/additionalGids", 5, 1005);
        bundle.set("/process/user/umask", 077);
        bundle.set("/process/capabilities/ambient", List.of("CAP_KILL"));
        bundle.set("/process/capabilities/inheritable", List.of("CAP_KILL", "CAP_AUDIT_WRITE"));

        assertSameView();
    }

    @Test
    void unprivilegedUserWithoutAmbientCapabilities() {
        bundle.user(1000, 1000).remove("/process/capabilities/ambient");

        assertSameView();
    }

    @Test
    void noCapabilitiesObject() {
        bundle.remove("/process/capabilities").set("/process/noNewPrivileges", false);

        assertSameView();
    }

    @Test
    void userNamespace() {
        bundle.userNamespace(100000, 65536).writable();
        chownToMappedRoot();

        assertSameView();
    }

    @Test
    void userNamespaceAndUnprivilegedUser() {
        bundle.userNamespace(100000, 65536).user(7, 8);
        chownToMappedRoot();

        assertSameView();
    }

    @Test
    void hostNamespacesButMount() {
        for (String type : List.of("pid", "network", "ipc", "uts", "cgroup")) {
            bundle.withoutNamespace(type);
        }
        bundle.remove("/hostname");

        // Numbers of processes and the host's network are not the same twice.
        assertSameView("network", "placement", "scheduling");
    }

    @Test
    void cgroupNamespaceAndCgroupMount() {
        bundle.namespace("cgroup");
        bundle.mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "ro");

        assertSameView();
    }

    @Test
    void cgroupMountWithoutNamespace() {
        bundle.withoutMount("/sys/fs/cgroup").withoutNamespace("cgroup");
        bundle.mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev");

        assertSameView();
    }

    @Test
    void bindMountsOfManyKinds() {
        Path source = Sandbox.current().freshDirectory("source");
        Path file = bundle.directory().resolve("config.json");
        bundle.bind(source, "/plain");
        bundle.bind(source, "/careful", "ro", "nosuid", "nodev", "noexec");
        bundle.bind(source, "/shared", "rbind", "rshared");
        bundle.bind(source, "/slave", "rbind", "rslave", "ro");
        bundle.bind(file, "/etc/name", "ro", "noatime");
        bundle.mount("/scratch", "tmpfs", "tmpfs", "mode=1777", "size=1m", "noexec", "strictatime");
        bundle.mount("/scratch/inner", "tmpfs", "inner", "ro", "nr_inodes=7");

        assertSameView();
    }

    @Test
    void devices() {
        bundle.json(
                "/linux/devices",
                """
                [{"path": "/dev/tuned", "type": "c", "major": 10, "minor": 200, "fileMode": 384,
                  "uid": 3, "gid": 4},
                 {"path": "/dev/sub/block", "type": "b", "major": 7, "minor": 0},
                 {"path": "/dev/pipe", "type": "p", "fileMode": 438}]
                """);

        assertSameView();
    }

    @Test
    void workingDirectoryAndEnvironment() {
        bundle.file("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:77:77::/home/app:\n");
        bundle.user(77, 77).cwd("/srv/made").writable();
        bundle.env("A=1", "B=", "A=2", "C=a=b");

        assertSameView();
    }

    @Test
    void resourcesAndScores() {
        bundle.set("/process/oomScoreAdj", 500);
        bundle.json(
                "/process/rlimits",
                """
                [{"type": "RLIMIT_NOFILE", "soft": 100, "hard": 200},
                 {"type": "RLIMIT_CORE", "soft": 0, "hard": 0},
                 {"type": "RLIMIT_STACK", "soft": 4194304, "hard": 8388608}]
                """);
        bundle.json(
                "/linux/resources",
                """
                {"memory": {"limit": 67108864}, "pids": {"limit": 50},
                 "cpu": {"shares": 512, "quota": 50000, "period": 100000}}
                """);
        bundle.namespace("cgroup");
        bundle.json(
                "/linux/sysctl", "{\"net.ipv4.ip_forward\": \"1\", \"kernel.msgmax\": \"9000\"}");

        assertSameView();
    }

    @Test
    void seccompFilter() {
        bundle.json(
                "/linux/seccomp",
                """
                {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"],
                 "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}]}
                """);

        assertSameView();
    }

    private void engineLike() {
        bundle.writable().remove("/linux/resources");
        bundle.remove("/mounts");
        bundle.mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev");
        bundle.mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
        bundle.mount(
                "/dev/pts",
                "devpts",
                "devpts",
                "nosuid",
                "noexec",
                "newinstance",
                "ptmxmode=0666",
                "mode=0620",
                "gid=5");
        bundle.mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro");
        bundle.mount("/sys/fs/cgroup", "cgroup", "cgroup", "ro", "nosuid", "noexec", "nodev");
        bundle.mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
        bundle.mount(
                "/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=64m");
        bundle.json(
                "/linux/resources",
                """
                {"devices": [{"allow": false, "access": "rwm"},
                             {"allow": true, "type": "c", "major": 1, "minor": 3, "access": "rwm"}],
                 "memory": {"disableOOMKiller": false}, "cpu": {"shares": 0},
                 "blockIO": {"weight": 0}}
                """);
        bundle.set("/linux/cgroupsPath", "/" + Sandbox.current().token() + "-engine");
    }

    private void chownToMappedRoot() {
        Sandbox.current()
                .command("chown", "-hR", "100000:100000", bundle.rootfs().toString())
                .run()
                .output();
    }

    private void assertSameView(String... exceptFor) {
        Map<String, String> wanted = look(Program.installed("runc").orElseThrow());
        // As runc since 1.2: a device that is bound into a user namespace gives nothing else.
        wanted.computeIfPresent(
                "mountinfo",
                (probe, view) -> view.replaceAll(BOUND_DEVICE, "$1 rw,nosuid,noexec,"));
        Map<String, String> seen = look(Program.path());
        List<String> expected = new ArrayList<>();
        List<String> actual = new ArrayList<>();
        for (String probe : PROBES.keySet()) {
            if (!List.of(exceptFor).contains(probe)) {
                addDifferences(probe, wanted.get(probe), seen.get(probe), expected, actual);
            }
        }
        assertEquals(String.join("\n", expected), String.join("\n", actual));
    }

    /** Collects the lines that only one of them has; all lines if it is their order. */
    private static void addDifferences(
            String probe, String wanted, String seen, List<String> expected, List<String> actual) {
        if (wanted.equals(seen)) {
            return;
        }
        List<String> wantedLines = new ArrayList<>(wanted.lines().toList());
        List<String> seenLines = new ArrayList<>(seen.lines().toList());
        List<String> common = new ArrayList<>(wantedLines);
        common.retainAll(seenLines);
        if (common.size() < Math.max(wantedLines.size(), seenLines.size())) {
            wantedLines.removeAll(common);
            seenLines.removeAll(common);
        }
        wantedLines.forEach(line -> expected.add(probe + ": " + line));
        seenLines.forEach(line -> actual.add(probe + ": " + line));
    }

    /** What a process sees in this bundle, by the name of the probe. */
    private Map<String, String> look(String program) {
        boolean privatePids =
                bundle.config().at("/linux/namespaces").findValuesAsText("type").contains("pid");
        StringBuilder script = new StringBuilder();
        PROBES.forEach(
                (name, command) ->
                        script.append("echo '=== ")
                                .append(name)
                                .append("'\n(")
                                .append(command.replace("PID", privatePids ? "1" : "$$"))
                                .append(") 2>&1\n"));
        bundle.args("sh", "-c", script + "true").write();
        Sandbox sandbox = Sandbox.current();
        String id = sandbox.token() + "-same";
        String root = sandbox.root().toString();
        Result run =
                sandbox.command(program, "--root", root, "run", id).in(bundle.directory()).run();
        Map<String, String> views = new LinkedHashMap<>();
        String name = "";
        for (String line : run.lines()) {
            if (line.startsWith("=== ")) {
                name = line.substring(4);
                views.put(name, "");
            } else {
                views.merge(name, line + "\n", String::concat);
            }
        }
        views.replaceAll(ParityIT::normalized);
        return views;
    }

    /** Without what differs from run to run, or on purpose. */
    private static String normalized(String probe, String view) {
        return switch (probe) {
            case "signals" -> signals(view);
            case "mountinfo" -> mountinfo(view);
            // runc makes the IPC namespace too early for its files to belong to the group 0.
            case "devices", "mount points" ->
                    view.replaceAll("(mqueue drwxrwxrwt 0) 65534", "$1 0");
            default -> view;
        };
    }

    /**
     * Without what the caller of the runtime ignores: runc hands that down, here each program
     * starts with the default action for every signal.
     */
    private static String signals(String view) {
        return view.lines()
                .map(line -> line.replaceFirst("^(SigIgn:\t\\w{8})[89a-f]000", "$10000"))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /**
     * Mounts with the mount point of the parent in place of numbers, which the kernel gives out as
     * it likes, and only the kinds of propagation, whose group numbers are the kernel's too.
     */
    private static String mountinfo(String view) {
        Map<String, String> pointById = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        for (String line : view.lines().toList()) {
            String[] fields = line.split(" ", -1);
            pointById.put(fields[0], fields[4]);
        }
        for (String line : view.lines().toList()) {
            String[] fields = line.split(" ", -1);
            String parent = pointById.getOrDefault(fields[1], "-");
            String rest =
                    List.of(fields).subList(3, fields.length).stream()
                            .map(field -> field.replaceFirst("^(shared|master):.*", "$1"))
                            .collect(Collectors.joining(" "));
            String mount = deliberate(rest) + " in " + parent;
            // runc does not show the v2 hierarchy of a hybrid host.
            if (!mount.contains(" /sys/fs/cgroup/unified ")) {
                lines.add(mount);
            }
        }
        // runc binds the default devices of a user namespace in no particular order.
        for (int from = 0, to; from < lines.size(); from = to + 1) {
            to = from;
            while (to < lines.size() && lines.get(to).contains(" - devtmpfs ")) {
                to++;
            }
            Collections.sort(lines.subList(from, to));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String deliberate(String mount) {
        // The directory above v1 cgroups: runc 1.1 leaves it writable, and calls its mode 755 when
        // it is 555.
        if (mount.contains(" /sys/fs/cgroup ")) {
            return mount.replaceFirst("cgroup r[ow],", "cgroup ro,")
                    .replaceFirst("mode=[57]55", "mode=555");
        }
        // A name for the source of a named hierarchy, which means nothing to the kernel.
        if (mount.contains(" /sys/fs/cgroup/systemd ")) {
            return mount.replace("cgroup systemd ", "cgroup cgroup ");
        }
        // A masked directory has no room for anything, as in newer versions of runc.
        return mount.replace(" tmpfs ro,size=4k,nr_inodes=1", " tmpfs ro");
    }

    private static Map<String, String> probes(String... namesAndCommands) {
        Map<String, String> probes = new LinkedHashMap<>();
        for (int i = 0; i < namesAndCommands.length; i += 2) {
            probes.put(namesAndCommands[i], namesAndCommands[i + 1]);
        }
        return probes;
    }
}
