// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.serve;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.ResidentRuntime;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.RichBundle;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What commands print, what a container finds, and what is on the host meanwhile is the same with
 * and without a resident runtime.
 */
@Requires({ROOT, JRUNC})
class SameInBothModesIT {
    private static final long PATIENCE_MILLIS = 20_000;

    /** What a container sees of itself, up to a last line. */
    private static final String REPORT =
            """
            #!/bin/sh
            for file in status limits mountinfo cgroup oom_score_adj timerslack_ns loginuid \
                sessionid sched attr/current setgroups uid_map gid_map; do
              echo "== $file"
              tr '\\0' '\\n' < /proc/self/$file 2>&1 | grep -v -f /volatile
            done
            echo "== environment"
            env | sort
            echo "== descriptors"
            ls /proc/$$/fd
            readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2
            echo "== /dev"
            find /dev -exec stat -c '%n %F %a %u %g %t %T' {} + | sort
            echo "== namespaces, relative to init"
            for type in cgroup ipc mnt net pid time user uts; do
              test /proc/self/ns/$type -ef /proc/1/ns/$type && echo "$type: that of pid 1"
            done
            echo "== kernel"
            hostname
            pwd
            cat /proc/sys/net/ipv4/ip_forward
            echo "== end"
            """;

    /** Lines that differ between any two processes. */
    private static final String VOLATILE =
            """
            ^Vm
            ^Rss
            ^Pid:
            ^PPid:
            ^Tgid:
            ^NSpid:
            ^NStgid:
            ^NSpgid:
            ^NSsid:
            ctxt_switches
            ^State:
            ^SigQ:
            ^se\\.
            ^sum_
            ^nr_
            ^avg
            ^clock-delta
            ^numa
            ^mm->
            ^sh (
            ^tr (
            ^current_node
            ^SHLVL
            ^HugetlbPages
            ^effective
            ^uclamp
            """;

    /** The bundles that are compared. */
    enum Kind {
        PLAIN {
            @Override
            Bundle bundle() {
                return Bundle.busybox();
            }
        },
        RICH {
            @Override
            Bundle bundle() {
                return RichBundle.make(false);
            }
        },
        USER_NAMESPACE {
            @Override
            Bundle bundle() {
                return RichBundle.make(true).remove("/linux/resources/memory");
            }
        },
        NAMESPACES_OF_THE_HOST {
            @Override
            Bundle bundle() {
                Bundle bundle = Bundle.busybox().remove("/hostname");
                for (String type : new String[] {"network", "ipc", "uts", "cgroup"}) {
                    bundle.withoutNamespace(type);
                }
                return bundle;
            }
        },
        ORDINARY_USER {
            @Override
            Bundle bundle() {
                return Bundle.busybox()
                        .user(1234, 4321)
                        .set("/process/user/additionalGids", new int[] {7, 8})
                        .set("/process/user/umask", 63)
                        .cwd("/tmp")
                        .directory("/tmp")
                        .env("FROM=config")
                        .json(
                                "/process/rlimits",
                                "[{\"type\": \"RLIMIT_NPROC\", \"soft\": 90, \"hard\": 95}]")
                        .set("/process/noNewPrivileges", true);
            }
        },
        SCHEDULED {
            @Override
            Bundle bundle() {
                return Bundle.busybox()
                        .json("/process/scheduler", "{\"policy\": \"SCHED_BATCH\", \"nice\": 5}")
                        .json("/linux/resources/pids", "{\"limit\": 33}");
            }
        },
        FAILING_HOOK {
            @Override
            Bundle bundle() {
                String[] args = {"sh", "-c", "echo words >&2; exit 3"};
                return Bundle.busybox()
                        .add("/hooks/createRuntime", Map.of("path", "/bin/sh", "args", args));
            }
        },
        NO_SUCH_PROGRAM {
            @Override
            Bundle bundle() {
                return Bundle.busybox().args("nosuch");
            }
        },
        WRONG_FIELD {
            @Override
            Bundle bundle() {
                return Bundle.busybox().set("/process/capabilities/bounding", new int[] {1});
            }
        },
        MOUNT_THAT_FAILS {
            @Override
            Bundle bundle() {
                return Bundle.busybox().mount("/mnt", "nosuchfs", "none");
            }
        };

        abstract Bundle bundle();
    }

    /** Starts the server with other attributes than its callers have. */
    private static final String[] ELSEWHERE = {
        "sh",
        "-c",
        "umask 077; cd /proc; ulimit -n 700; ulimit -c 5; echo 77 > /proc/self/oom_score_adj;"
                + " export STRAY=1; exec nice -n 3 \"$@\"",
        "-"
    };

    private ResidentRuntime runtime;

    @BeforeEach
    void prepare() {
        runtime = new ResidentRuntime();
    }

    @AfterEach
    void end() {
        runtime.close();
    }

    @ParameterizedTest
    @EnumSource
    void sameIsSaidAndFound(Kind kind) {
        Bundle bundle = kind.bundle();
        bundle.file("/report", REPORT, "rwxr-xr-x").file("/volatile", VOLATILE);
        if (kind != Kind.NO_SUCH_PROGRAM) {
            bundle.args("sh", "-c", "/report; sleep 1000");
        }
        bundle.write();
        String id = Sandbox.current().freshId();

        String alone = new Life(bundle, id).observed();
        runtime.under(ELSEWHERE).start();
        String served = new Life(bundle, id).observed();

        assertTrue(runtime.servesSoon());
        assertTrue(alone.contains("status 0"), alone);
        try {
            Files.writeString(Path.of("/tmp/same-" + kind), alone);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertEquals(List.of(), differences(alone, served));
    }

    /** The lines in which the texts differ. */
    private static List<String> differences(String alone, String served) {
        List<String> expected = alone.lines().toList();
        List<String> found = served.lines().toList();
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < Math.max(expected.size(), found.size()); i++) {
            String one = i < expected.size() ? expected.get(i) : "nothing";
            String other = i < found.size() ? found.get(i) : "nothing";
            if (!one.equals(other)) {
                differences.add("line " + i + " alone: " + one + "; served: " + other);
            }
        }
        return differences;
    }

    /** The commands of one container's life, and what is observed meanwhile. */
    private final class Life {
        private final String id;
        private final Path bundle;
        private final Path scratch = Sandbox.current().directory().resolve("scratch");
        private final Path log = scratch.resolve("log");
        private final StringBuilder text = new StringBuilder();

        Life(Bundle bundle, String id) {
            this.bundle = bundle.directory();
            this.id = id;
            Sandbox.removeAll(make(scratch));
            make(scratch);
        }

        private Path make(Path directory) {
            try {
                return Files.createDirectories(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String observed() {
            Path pidFile = scratch.resolve("pid");
            Result create =
                    command(
                            "create",
                            "--pid-file",
                            pidFile.toString(),
                            "--bundle",
                            bundle.toString(),
                            id);
            say(Files.exists(pidFile) ? "pid file of mode " + mode(pidFile) : "no pid file");
            host();
            command("state", id);
            command("start", id);
            if (create.status() == 0) {
                waitFor(create);
                said("the container", create);
            }
            command("state", id);
            command("exec", id, "/report");
            command("exec", "--cwd", "/dev", "--env", "A=b", "--user", "5:6", id, "/report");
            command("exec", id, "sh", "-c", "exit 7");
            command("exec", id, "nosuch");
            command("list", "--quiet");
            command("pause", id);
            command("state", id);
            command("resume", id);
            command("update", "--pids-limit", "44", id);
            host();
            command("update", "--memory", "much", id);
            command("kill", id, "nosuch");
            command("delete", id);
            command("kill", id, "KILL");
            command("delete", "--force", id);
            command("delete", id);
            command("run", "--bundle", bundle.resolve("nosuch").toString(), id);
            say("log of mode " + mode(log));
            say(Result.text(log));
            host();
            return text.toString();
        }

        private Result command(String... words) {
            List<String> command = new ArrayList<>(List.of("--log", log.toString()));
            command.addAll(List.of("--log-format", "json"));
            command.addAll(Arrays.asList(words));
            Result result = runtime.runtime(command).run();
            said(String.join(" ", words), result);
            return result;
        }

        private void said(String what, Result result) {
            say("## " + what);
            say("status " + result.status());
            say(result.stdout());
            say(result.stderr());
        }

        private void waitFor(Result create) {
            assertTrue(
                    Host.becomes(PATIENCE_MILLIS, () -> create.stdout().contains("== end")),
                    create::describe);
        }

        private String mode(Path file) {
            try {
                return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** What the host has of the container: cgroups with their limits, the state directory. */
        private void host() {
            say("## host");
            for (Path cgroup : Host.cgroups(id)) {
                say(cgroup.toString());
                for (String limit :
                        List.of(
                                "pids.max",
                                "memory.limit_in_bytes",
                                "cpu.shares",
                                "devices.list")) {
                    Path file = cgroup.resolve(limit);
                    say(Files.exists(file) ? limit + " " + Result.text(file) : "");
                }
            }
            Path state = Sandbox.current().root().resolve(id);
            if (!Files.isDirectory(state)) {
                return;
            }
            try (Stream<Path> files = Files.walk(state)) {
                for (Path file : files.sorted().toList()) {
                    say(file + " " + Files.getAttribute(file, "unix:mode"));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void say(String words) {
            words.lines().map(this::constant).filter(line -> !line.isEmpty()).forEach(this::add);
        }

        private void add(String line) {
            text.append(line).append('\n');
        }

        /** The line without what differs from run to run: pids, times, numbers of mounts. */
        private String constant(String line) {
            return line.replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z?(\\+\\d\\d:\\d\\d)?", "TIME")
                    .replaceAll("\"pid\": ?\\d+", "\"pid\": PID")
                    .replaceAll("^\\d+ \\d+ \\d+:\\d+ ", "MOUNT ")
                    .replaceAll("(master|shared|propagate_from):\\d+", "$1:GROUP")
                    .replaceAll("\\[\\d+\\]", "[INODE]")
                    .replaceAll("(stdout|stderr)\\d+", "$1");
        }
    }
}
