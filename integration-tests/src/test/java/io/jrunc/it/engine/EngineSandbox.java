// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Criu;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Fd;
import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * A place for an engine: network, mount and PID namespaces of its own, so that the host's network
 * is out of reach, {@code /etc} is a copy, {@code /run} and {@code /var/lib} are empty, and all
 * that an engine may have started ends with the first process of the room. Engines can therefore
 * stay with their default paths. Their containers' cgroups are below {@link #cgroup()}.
 */
final class EngineSandbox implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 20_000;
    private static final String FURNISH =
            """
            set -e
            cp -a /etc "$1/etc"
            mount --bind "$1/etc" /etc
            mount -t tmpfs none /run
            mount -t tmpfs none /var/lib
            ip link set lo up
            echo furnished
            while :; do sleep 1; done
            """;

    private final Sandbox sandbox = Sandbox.fresh();
    private final Invocation.Running holder;
    private final long init;

    EngineSandbox() {
        holder =
                sandbox.command(
                                "unshare",
                                "--net",
                                "--mount",
                                "--pid",
                                "--fork",
                                "--kill-child",
                                "--mount-proc",
                                "sh",
                                "-c",
                                FURNISH,
                                "sh",
                                sandbox.directory().toString())
                        .start();
        await("furnished", () -> holder.soFar().stdout().contains("furnished"), holder);
        init = holder.process().children().findFirst().orElseThrow().pid();
    }

    Sandbox sandbox() {
        return sandbox;
    }

    /** The argument of {@code --cgroup-parent}. */
    String cgroup() {
        return "/" + sandbox.token();
    }

    /** A file as it is seen in the room. */
    Path file(String path) {
        return Path.of("/proc/" + init + "/root" + path);
    }

    /** Writes a file that only exists in the room, and directories on the way. */
    void write(String path, String text) {
        try {
            Files.createDirectories(file(path).getParent());
            Files.writeString(file(path), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A command in the room. */
    Invocation command(List<String> words) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "nsenter",
                                "--target",
                                Long.toString(init),
                                "--net",
                                "--mount",
                                "--pid",
                                "--"));
        command.addAll(words);
        return new Invocation(sandbox, command)
                .variable("HOME", sandbox.directory().toString())
                .variable("PATH", Criu.before("/usr/sbin:/usr/bin:/sbin:/bin"));
    }

    /** Starts a daemon, and waits until the question to it succeeds. */
    void daemon(List<String> words, List<String> question) {
        Invocation.Running daemon = command(words).start();
        await("up", () -> command(question).run().status() == 0, daemon);
    }

    /** Connects to a port of the room's own network. */
    SocketChannel connect(int port) {
        var connected =
                CompletableFuture.supplyAsync(() -> joined(port), task -> new Thread(task).start());
        return connected.join();
    }

    /** Leaves the thread in the room's network: only for a thread that ends then. */
    private SocketChannel joined(int port) {
        try (Fd network = LocalKernel.get().files().open("/proc/" + init + "/ns/net")) {
            LocalKernel.get().processes().joinNamespace(network, CloneFlag.NEWNET).submit();
            return SocketChannel.open(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** containerd, without what would touch {@code /opt} or needs a network. */
    void containerd() {
        write(
                "/etc/containerd/config.toml",
                """
                version = 2
                disabled_plugins = ["io.containerd.grpc.v1.cri"]
                [plugins."io.containerd.internal.v1.opt"]
                path = "/run/opt"
                """);
        daemon(List.of("containerd"), List.of("ctr", "version"));
    }

    private static void await(
            String what, java.util.function.BooleanSupplier condition, Invocation.Running process) {
        assertTrue(
                Host.becomes(PATIENCE_MILLIS, condition),
                () -> "never " + what + ": " + process.soFar().describe());
    }

    /** The cgroups of containers, in all hierarchies, and the states that the runtime keeps. */
    List<String> containers(String states) {
        List<String> found = new ArrayList<>();
        Host.cgroups(sandbox.token()).stream()
                .filter(cgroup -> !isOfEngine(cgroup))
                .forEach(cgroup -> found.add("cgroup " + cgroup));
        if (Files.isDirectory(file(states))) {
            try (Stream<Path> list = Files.list(file(states))) {
                list.forEach(state -> found.add("state " + state));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    /** The common parent, and where Podman puts conmon. */
    private boolean isOfEngine(Path cgroup) {
        return cgroup.endsWith(sandbox.token()) || cgroup.endsWith(sandbox.token() + "/conmon");
    }

    @Override
    public void close() {
        holder.process().destroyForcibly(); // takes its namespace of PIDs along
        Host.becomes(PATIENCE_MILLIS, () -> Host.processes(sandbox.token()).isEmpty());
        // A process that has ended leaves its cgroup a moment later.
        Host.becomes(PATIENCE_MILLIS, this::haveCgroupsGone);
        sandbox.close();
    }

    private boolean haveCgroupsGone() {
        List<Path> left = Host.cgroups(sandbox.token()).stream().filter(this::isOfEngine).toList();
        left.forEach(cgroup -> cgroup.toFile().delete());
        return left.isEmpty();
    }
}
