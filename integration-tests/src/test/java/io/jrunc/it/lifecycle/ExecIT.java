// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.lifecycle;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Feature;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Source: runc's exec(8); runtime-spec has no exec. */
@Requires(ROOT)
class ExecIT {
    private Container container;

    @BeforeEach
    void startAContainer() {
        container = Bundle.busybox().start("sleep", "60");
    }

    private Result exec(String... words) {
        return container.exec(words);
    }

    @Test
    void programRunsInTheContainer() {
        Result ps = exec("ps", "-o", "pid,args");

        assertTrue(ps.output().contains("1 sleep 60"), ps::describe);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "uts", "net", "pid", "cgroup", "mnt"})
    void namespacesAreThoseOfTheContainer(String type) {
        String own = exec("readlink", "/proc/self/ns/" + type).output();

        assertEquals(exec("readlink", "/proc/1/ns/" + type).output(), own);
    }

    @Test
    void exitStatusIsTheProgramsOwn() {
        assertEquals(7, exec("sh", "-c", "exit 7").status());
        assertEquals(128 + 9, exec("sh", "-c", "kill -9 $$").status());
    }

    @Test
    void cgroupsAreThoseOfTheContainer() {
        assertEquals(
                exec("cat", "/proc/1/cgroup").output(), exec("cat", "/proc/self/cgroup").output());
    }

    @Test
    void environmentIsAddedTo() {
        Result env = exec("--env", "A=1", "--env", "PATH=/bin", "env");

        assertTrue(env.lines().contains("A=1"), env::describe);
        assertTrue(env.lines().contains("PATH=/bin"), env::describe);
        assertTrue(env.lines().contains("TERM=xterm"), env::describe);
    }

    @Test
    void workingDirectoryIsChosen() {
        assertEquals("/proc/sys", exec("--cwd", "/proc/sys", "pwd").output());
    }

    @Test
    void userAndGroupsAreChosen() {
        Result id = exec("--user", "5:6", "-g", "7", "-g", "8", "id");

        assertEquals("uid=5 gid=6 groups=7,8", id.output().replaceAll("\\(\\w+\\)", ""));
    }

    @Test
    @Requires(JRUNC)
    void refusalIsASentence() {
        Result exec = exec("--user", "root", "id");

        assertEquals(255, exec.status(), exec::describe);
        assertTrue(
                exec.stderr().contains("--user: \\\"root\\\" is no id; write a number"),
                exec::describe);
    }

    @Test
    void privilegesMayBeKeptFromGrowing() {
        Container open =
                Bundle.busybox().set("/process/noNewPrivileges", false).start("sleep", "60");

        assertEquals("NoNewPrivs:\t0", open.exec("grep", "NoNew", "/proc/self/status").output());
        assertEquals(
                "NoNewPrivs:\t1",
                open.exec("--no-new-privs", "grep", "NoNew", "/proc/self/status").output());
    }

    @Test
    void missingProgramIsNamed() {
        Result exec = exec("nosuchprogram");

        assertEquals(255, exec.status(), exec::describe);
        assertTrue(exec.stderr().contains("executable file not found in $PATH"), exec::describe);
    }

    @Test
    void processIsReadFromAFile() throws IOException {
        Path file = Sandbox.current().freshFile("process");
        Files.writeString(
                file,
                "{\"args\": [\"/bin/sh\", \"-c\", \"echo $A; pwd; id -u\"], \"cwd\": \"/bin\","
                        + " \"env\": [\"A=5\"], \"user\": {\"uid\": 3}}");

        assertEquals(List.of("5", "/bin", "3"), exec("--process", file.toString()).lines());
    }

    @Test
    void detachedProcessIsInThePidFile() throws IOException {
        Path file = Sandbox.current().freshFile("pid");

        Result exec = exec("--detach", "--pid-file", file.toString(), "sleep", "50");

        assertEquals("", exec.output());
        long pid = Long.parseLong(Files.readString(file));
        assertEquals("sleep\0" + "50\0", Host.proc(pid, "cmdline").orElseThrow());
        assertTrue(exec("ps").output().contains("sleep 50"));
    }

    @Test
    void nothingOfTheRuntimeIsVisible() {
        Result seen = exec("sh", "-c", "ls /proc/$$/fd; readlink /proc/$$/exe");

        assertEquals(List.of("0", "1", "2", "/bin/busybox"), seen.lines());
    }

    @Test
    void createdContainerMayBeEntered() {
        Container created = Bundle.busybox().create("sleep", "60");

        assertEquals("box", created.exec("hostname").output());
    }

    @Test
    void stoppedContainerIsRefused() {
        container.kill("KILL").output();
        container.awaitEnd();

        Result exec = exec("true");

        assertEquals(255, exec.status(), exec::describe);
        assertTrue(exec.stderr().contains("cannot exec in a stopped container"), exec::describe);
    }

    @Test
    void userNamespaceIsJoined() {
        Container mapped =
                Bundle.busybox().userNamespace(100_000, 65_536).writable().start("sleep", "60");

        assertEquals("0", mapped.exec("id", "-u").output());
        assertEquals(
                "0 100000 65536",
                mapped.exec("cat", "/proc/self/uid_map").output().strip().replaceAll(" +", " "));
        assertEquals(
                mapped.exec("cat", "/proc/1/cgroup").output(),
                mapped.exec("cat", "/proc/self/cgroup").output());
    }

    @Test
    void eightAtATime() {
        List<Invocation.Running> running = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            running.add(container.execution("sh", "-c", "sleep 0.2; echo " + i).start());
        }

        for (int i = 0; i < 8; i++) {
            assertEquals(Integer.toString(i), running.get(i).await().output());
        }
    }

    @Test
    void limitsAndUmaskAreThoseOfTheContainer() {
        assertEquals("1024", exec("sh", "-c", "ulimit -n").output());
        assertEquals("0022", exec("sh", "-c", "umask").output());
    }

    @ParameterizedTest
    @CsvSource({"initial, 0", "final, 0"})
    @Requires(JRUNC)
    @Shows({"process.execCPUAffinity.initial", "process.execCPUAffinity.final"})
    void affinityIsChosen(String when, String cpus) {
        Container bound =
                Bundle.busybox()
                        .json("/process/execCPUAffinity", "{\"" + when + "\": \"" + cpus + "\"}")
                        .start("sleep", "60");

        String allowed = bound.exec("grep", "Cpus_allowed_list", "/proc/self/status").output();

        if (when.equals("final")) {
            assertEquals("Cpus_allowed_list:\t0", allowed);
        } else {
            String all = bound.exec("grep", "Cpus_allowed_list", "/proc/1/status").output();
            assertEquals(all, allowed);
        }
    }

    @Test
    void cgroupBelowTheContainersIsJoined() {
        exec("true").output();
        for (String cgroup : Host.cgroups(container.id()).stream().map(Path::toString).toList()) {
            assertTrue(Path.of(cgroup, "part").toFile().mkdir());
        }

        String controller =
                Host.unifiedCgroup().isPresent() && !Feature.CGROUP_V1.isThere() ? "" : "pids:";
        Result cgroup = exec("--cgroup", controller + "part", "cat", "/proc/self/cgroup");

        assertTrue(cgroup.output().contains("/part"), cgroup::describe);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pids:../x", "nosuch:x", ":x"})
    @Requires(JRUNC)
    void cgroupElsewhereIsRefused(String cgroup) {
        Result exec = exec("--cgroup", cgroup, "true");

        assertEquals(255, exec.status(), exec::describe);
        assertTrue(exec.stderr().contains("--cgroup: "), exec::describe);
    }
}
