// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the security contexts of pods and containers turn into, as with runc. */
class CriSecurityIT extends CriEngineCase {
    private static final String PID = "/linux/security_context/namespace_options/pid";
    private static final Map<String, ?> RESTRICTED =
            Map.of(
                    "run_as_user", Map.of("value", 1000),
                    "run_as_group", Map.of("value", 2000),
                    "supplemental_groups", List.of(3000, 4000),
                    "readonly_rootfs", true,
                    "no_new_privs", true,
                    "capabilities", Map.of("drop_capabilities", List.of("ALL")),
                    "masked_paths", List.of("/proc/kcore", "/proc/keys", "/sys/firmware"),
                    "readonly_paths", List.of("/proc/sys", "/proc/bus"),
                    "seccomp", Map.of("profile_type", "RuntimeDefault"));

    /** What a script prints in a container with such a configuration. */
    private static String printed(Pod pod, Map<String, ?> changes, String script) {
        PodContainer container = pod.start(changes, "sh", "-c", script + "; echo end");
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, () -> container.logged().contains("stdout F end")),
                () -> container.status() + " " + container.logged());
        return String.join("\n", container.logged().subList(0, container.logged().size() - 1))
                .replace("stdout F ", "");
    }

    private static String printed(String handler, Map<String, ?> changes, String script) {
        return printed(engine.pod(handler), changes, script);
    }

    /**
     * As under Kubernetes' standard "restricted". docs/engines.md lists the differences of mounts
     * that are left out: flags of binds, and of the cgroup hierarchies.
     */
    @Test
    void restrictedContainerIsThatOfRunc() {
        String script =
                """
                grep -E '^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp)' /proc/self/status
                cut -d' ' -f5,6 /proc/self/mountinfo | grep -v -e /dev/shm -e /sys/fs/cgroup | sort
                ls -ln /dev | sed 's/ [A-Z][a-z][a-z] .*[0-9] / /'
                ls /proc/self/fd 2>/dev/null
                env | sort | grep -v HOSTNAME
                cat /proc/self/limits /proc/self/oom_score_adj
                for f in /proc/kcore /proc/keys /sys/firmware; do ls $f; wc -c <$f; done 2>&1
                touch /x /proc/sys/kernel/hostname 2>&1
                echo x 2>&1 >/proc/sys/kernel/hostname""";
        Map<String, ?> changes = Map.of("/linux/security_context", RESTRICTED);

        String tested = printed(CriEngine.TESTED, changes, script);

        assertEquals(printed(CriEngine.RUNC, changes, script), tested);
        assertTrue(tested.contains("Uid:\t1000\t1000\t1000\t1000"), tested);
        assertTrue(tested.contains("Groups:\t2000 3000 4000"), tested);
        assertTrue(tested.contains("CapEff:\t0000000000000000"), tested);
        assertTrue(tested.contains("NoNewPrivs:\t1"), tested);
        assertTrue(tested.contains("Seccomp:\t2"), tested);
        assertTrue(tested.contains("touch: /x: Read-only file system"), tested);
    }

    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void runtimesDefaultProfileRefusesUserNamespaces(String handler) {
        String script = "grep -w Seccomp: /proc/self/status; unshare -U true 2>&1; echo $?";
        Map<String, String> profile = Map.of("profile_type", "RuntimeDefault");
        Map<String, String> none = Map.of("profile_type", "Unconfined");
        String place = "/linux/security_context/seccomp";
        try (Pod pod = engine.pod(handler, Map.of(place, profile))) {
            String confined = printed(pod, Map.of(place, profile), script);
            String unconfined = printed(pod, Map.of(place, none), script);

            assertEquals(
                    "Seccomp:\t2\nunshare: unshare(0x10000000): Operation not permitted\n1",
                    confined);
            assertEquals("Seccomp:\t0\n0", unconfined);
        }
    }

    /** The pod and its containers share one; the kubelet chooses the ids. */
    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void podHasAUserNamespace(String handler) {
        var ids = List.of(Map.of("host_id", 200_000, "container_id", 0, "length", 65_536));
        Map<String, ?> changes =
                Map.of(
                        "/linux/security_context/namespace_options/userns_options",
                        Map.of("mode", "POD", "uids", ids, "gids", ids));
        try (Pod pod = engine.pod(handler, changes)) {
            PodContainer container =
                    pod.start(
                            changes,
                            "sh",
                            "-c",
                            "tr -s ' ' </proc/self/uid_map; id -u; touch /x && stat -c %u /x; sleep 60");

            assertEquals(
                    List.of("stdout F  0 200000 65536", "stdout F 0", "stdout F 0"),
                    container.logged(3));
            String status = Result.text(container.init().resolve("status"));
            assertTrue(status.contains("\nUid:\t200000\t200000\t200000\t200000\n"), status);
            assertEquals(0, container.exec("sh", "-c", "echo x >/y").status());
            PodContainer second = pod.start(changes, "sleep", "60");
            String command = "readlink /proc/self/ns/user /proc/self/ns/net";
            assertEquals(container.exec("sh", "-c", command), second.exec("sh", "-c", command));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void podsSysctlsAndNamesAreItsContainers(String handler) {
        Map<String, ?> changes =
                Map.of(
                        "/hostname",
                        "webhost",
                        "/linux/sysctls",
                        Map.of(
                                "net.ipv4.ip_unprivileged_port_start", "99",
                                "kernel.shm_rmid_forced", "1"));
        try (Pod pod = engine.pod(handler, changes)) {
            String printed =
                    printed(
                            pod,
                            Map.of(),
                            """
                            hostname
                            cat /proc/sys/net/ipv4/ip_unprivileged_port_start
                            cat /proc/sys/kernel/shm_rmid_forced
                            cat /etc/hostname
                            ip -o -4 address show eth0 | sed 's/.*inet \\([^ /]*\\).*/\\1/'""");

            String address = pod.status().at("/network/ip").asText();
            assertEquals("webhost\n99\n1\nwebhost\n" + address, printed);
        }
    }

    /** The pause program is the first process, and reaps what the containers leave behind. */
    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void containersShareThePodsProcesses(String handler) {
        try (Pod pod = engine.pod(handler, Map.of(PID, "POD"))) {
            PodContainer first = pod.start(Map.of(PID, "POD"), "sleep", "4321");
            PodContainer second = pod.start(Map.of(PID, "POD"), "sleep", "60");

            assertTrue(second.exec("ps").stdout().contains("sleep 4321"));
            second.exec("sh", "-c", "(sleep 0.1 &) ; exit 0");
            assertTrue(
                    Host.becomes(PATIENCE_MILLIS, () -> !states(second).contains(") Z")),
                    () -> states(second));
            first.stop(0);
            assertEquals("137 Error", first.end());
            assertEquals("CONTAINER_RUNNING", second.state());
        }
    }

    /** The names and states of the processes that a container sees. */
    private static String states(PodContainer container) {
        return container.exec("sh", "-c", "cat /proc/[0-9]*/stat 2>/dev/null").stdout();
    }

    /** {@code kubectl debug --target}. */
    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void containerJoinsTheProcessesOfAnother(String handler) {
        try (Pod pod = engine.pod(handler, Map.of(PID, "CONTAINER"))) {
            PodContainer target = pod.start(Map.of(PID, "CONTAINER"), "sleep", "4321");
            String option = "/linux/security_context/namespace_options";
            Map<String, ?> changes =
                    Map.of(option, Map.of("pid", "TARGET", "target_id", target.id()));

            assertTrue(printed(pod, changes, "ps").contains("sleep 4321"));
        }
    }

    /** A first process that reaps nothing is no reason for a container not to end. */
    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void containerWithZombiesEnds(String handler) {
        try (Pod pod = engine.pod(handler, Map.of(PID, "CONTAINER"))) {
            String script = "(sleep 0.1 & exec sleep 0.1) & echo begun; exec sleep 60";
            PodContainer container = pod.start(Map.of(PID, "CONTAINER"), "sh", "-c", script);
            container.logged(1);
            assertTrue(
                    Host.becomes(PATIENCE_MILLIS, () -> states(container).contains("sleep) Z")),
                    () -> states(container));

            container.stop(1);

            assertEquals("137 Error", container.end());
            assertTrue(Host.becomes(PATIENCE_MILLIS, () -> Host.cgroups(container.id()).isEmpty()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CriEngine.TESTED, CriEngine.RUNC})
    void volumesAndDevicesAreThere(String handler) throws IOException {
        Path volume = engine.room().sandbox().freshDirectory("volume");
        Files.writeString(volume.resolve("file"), "of the volume");
        String host = volume.toString();
        Map<String, ?> changes =
                Map.of(
                        "/mounts",
                        List.of(
                                Map.of(
                                        "container_path",
                                        "/ro",
                                        "host_path",
                                        host,
                                        "readonly",
                                        true),
                                Map.of("container_path", "/rw", "host_path", host)),
                        "/devices",
                        List.of(
                                Map.of(
                                        "container_path", "/dev/sink",
                                        "host_path", "/dev/null",
                                        "permissions", "rw")));
        String printed =
                printed(
                        handler,
                        changes,
                        "cat /ro/file; echo; touch /ro/x 2>&1; touch /rw/x && ls /ro;"
                                + " echo gone >/dev/sink && stat -c %t,%T /dev/sink");

        assertEquals("of the volume\ntouch: /ro/x: Read-only file system\nfile\nx\n1,3", printed);
    }
}
