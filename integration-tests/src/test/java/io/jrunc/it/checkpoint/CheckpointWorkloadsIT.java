// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.checkpoint;

import static io.jrunc.it.harness.Feature.CRIU;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.VETH;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.JavaCounter;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Programs that have a state in memory, in the kernel, and on the other side of a network. */
@Requires({ROOT, JRUNC, CRIU})
class CheckpointWorkloadsIT {
    private static final int ROUNDS = 50;

    private Path image;

    @BeforeEach
    void chooseAPlace() {
        image = Sandbox.current().freshFile("image");
    }

    private Images started(Bundle bundle) {
        Container container = bundle.container();
        Result run = container.runDetached();
        assertEquals(0, run.status(), run::describe);
        return new Images(bundle, container, image);
    }

    @Test
    void javaKeepsItsHeap() {
        Bundle bundle = Bundle.busybox().java(JavaCounter.class).mount("/run", "tmpfs", "tmpfs");
        bundle.args(
                "/jdk/bin/java",
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-cp",
                "/classes",
                JavaCounter.class.getName(),
                "/run/count");
        Images images = started(bundle);
        assertTrue(Host.becomes(20_000, () -> count(images.container()) > 40));

        images.checkpoint().output();
        images.restore("--detach").output();

        int after = count(images.container());
        assertTrue(after > 40, "it goes on from " + after);
        assertTrue(Host.becomes(20_000, () -> count(images.container()) > after));
        String[] counted = images.container().exec("cat", "/run/count").output().split(" ", -1);
        assertEquals("32", counted[1], "each of 32 arrays in the heap has a one");
    }

    private static int count(Container container) {
        Result cat = container.exec("cat", "/run/count");
        String text = cat.status() == 0 ? cat.stdout().strip() : "";
        return text.isEmpty() ? 0 : Integer.parseInt(text.split(" ", -1)[0]);
    }

    @Test
    void webServerGoesOnServing() {
        Bundle bundle =
                Bundle.busybox()
                        .file("/www/index.html", "served")
                        .link("/bin/httpd", "busybox")
                        .link("/bin/wget", "busybox")
                        .link("/bin/ip", "busybox")
                        .args("httpd", "-f", "-p", "80", "-h", "/www");
        Images images = started(bundle);
        String get = "ip link set lo up; wget -q -O - http://127.0.0.1/";
        assertTrue(
                Host.becomes(10_000, () -> images.container().exec("sh", "-c", get).status() == 0));

        Result checkpoint = images.checkpoint();
        requireSockets(checkpoint);
        images.restore("--detach").output();

        assertEquals("served", images.container().exec("sh", "-c", get).output());
    }

    /** Criu before 4.2 cannot dump sockets of Linux 6.16. */
    private static void requireSockets(Result checkpoint) {
        assumeTrue(
                checkpoint.status() == 0 || !checkpoint.stderr().contains("criu 4.2 or newer"),
                "criu is too old to dump sockets of this kernel");
        checkpoint.output();
    }

    /** The client is a process of the host, connected over a pair of interfaces. */
    @Test
    @Requires(VETH)
    void clientOfAConnectionNoticesNothing() throws IOException {
        String space = Sandbox.current().token();
        try {
            sh(
                    "ip netns add "
                            + space
                            + " && ip link add "
                            + space
                            + "h type veth peer name eth0 netns "
                            + space
                            + " && ip addr add 10.219.7.1/30 dev "
                            + space
                            + "h && ip link set "
                            + space
                            + "h up && ip -n "
                            + space
                            + " addr add 10.219.7.2/30 dev eth0 && ip -n "
                            + space
                            + " link set eth0 up && ip -n "
                            + space
                            + " link set lo up");
            Bundle bundle =
                    Bundle.busybox()
                            .namespace("network", "/var/run/netns/" + space)
                            .link("/bin/nc", "busybox")
                            .args("nc", "-ll", "-p", "7000", "-e", "cat");
            Images images = started(bundle);
            try (Socket client = connected()) {
                assertEquals("one", echoed(client, "one"));
                Result without = images.checkpoint();
                requireSocketsOrTcp(without);

                images.checkpoint("--tcp-established").output();
                client.getOutputStream().write("two".getBytes(UTF_8));
                images.restore("--detach", "--tcp-established").output();

                assertEquals("two", new String(client.getInputStream().readNBytes(3), UTF_8));
                assertEquals("six", echoed(client, "six"));
            }
            images.container().delete("--force").output();
        } finally {
            sh("ip netns del " + space + "; ip link del " + space + "h 2>/dev/null; true");
        }
    }

    /** Criu would make a pair of interfaces inside, of which none leads to the host. */
    @Test
    @Requires(VETH)
    void deviceOfTheHostIsMovedAgain() throws IOException {
        String name = "d" + Sandbox.current().token().substring(2);
        makePair(name);
        try {
            Bundle bundle = Bundle.busybox().link("/bin/ip", "busybox").args("sleep", "600");
            Images images =
                    started(
                            bundle.json(
                                    "/linux/netDevices", "{\"" + name + "\":{\"name\":\"in\"}}"));

            images.checkpoint().output();
            images.restore("--detach").failsWith(name, "no network device");
            assertEquals(List.of(), Sandbox.current().remains());
            makePair(name);
            images.restore("--detach").output();

            String shown = images.container().exec("ip", "addr", "show", "in").output();
            assertTrue(shown.contains("10.219.8.2/30") && shown.contains(",UP"), shown);
            assertTrue(
                    images.container().exec("ip", "addr", "show", "lo").output().contains(",UP"));
            images.container().delete("--force").output();
            makePair(name);
            Files.delete(image.resolve("core-1.img"));
            images.restore("--detach").failure();
            sh("ip addr show " + name + " | grep 10.219.8.2");
        } finally {
            sh("ip link del " + name + "h 2>/dev/null; true");
        }
    }

    @Test
    @Requires(VETH)
    void deviceInAUserNamespaceIsRefused() {
        String name = "d" + Sandbox.current().token().substring(2);
        makePair(name);
        try {
            Bundle bundle = Bundle.busybox().userNamespace(100_000, 65_536).args("sleep", "600");
            Images images = started(bundle.json("/linux/netDevices", "{\"" + name + "\":{}}"));

            images.checkpoint().failsWith("linux.netDevices", "write the path of one");
            assertEquals("running", images.container().status());
            images.container().delete("--force").output();
        } finally {
            sh("ip link del " + name + "h 2>/dev/null; true");
        }
    }

    /**
     * Makes a pair of devices of the host. The kernel removes those of a network namespace some
     * time after its last process: the pair of that name that an ended container had may still be
     * there.
     */
    private static void makePair(String name) {
        Path other = Path.of("/sys/class/net", name + "h");
        assertTrue(Host.becomes(20_000, () -> Files.notExists(other)), other + " stays");
        sh(
                "ip link add H type veth peer name D && ip addr add 10.219.8.2/30 dev D"
                        .replace("H", name + "h")
                        .replace("D", name));
    }

    private static void requireSocketsOrTcp(Result without) {
        assumeTrue(
                !without.stderr().contains("criu 4.2 or newer"),
                "criu is too old to dump sockets of this kernel");
        without.failsWith("Connected TCP socket", "use --tcp-established");
    }

    private static void sh(String script) {
        Sandbox.current().command("sh", "-c", script).run().output();
    }

    private static Socket connected() {
        Socket[] socket = new Socket[1];
        assertTrue(
                Host.becomes(
                        10_000,
                        () -> {
                            try {
                                socket[0] = new Socket("10.219.7.2", 7000);
                                socket[0].setSoTimeout(20_000);
                                return true;
                            } catch (IOException e) {
                                return false; // it does not listen yet
                            }
                        }));
        return socket[0];
    }

    private static String echoed(Socket client, String word) throws IOException {
        client.getOutputStream().write(word.getBytes(UTF_8));
        return new String(client.getInputStream().readNBytes(word.length()), UTF_8);
    }

    /** Nothing of criu and of earlier rounds is left: processes, mounts, cgroups. */
    @Test
    void manyRoundsLeaveNothing() throws IOException {
        Bundle bundle = Bundle.busybox().args("sleep", "600");
        Images images = started(bundle);
        long mounts = lines("/proc/self/mountinfo");
        for (int round = 0; round < ROUNDS; round++) {
            Path place = Sandbox.current().freshFile("round");
            Images each = new Images(bundle, images.container(), place);
            each.checkpoint().output();
            each.restore("--detach").output();
            Sandbox.removeAll(place);
        }

        assertEquals("running", images.container().status());
        assertEquals(mounts, lines("/proc/self/mountinfo"));
        assertEquals(List.of(), Host.processes("swrk"));
        images.container().delete("--force").output();
        assertEquals(List.of(), Sandbox.current().remains());
    }

    /** Its master is sent to the listener, and the program reads from it. */
    @Test
    void terminalIsSentToTheListener() {
        Kernel kernel = LocalKernel.get();
        Bundle bundle = Bundle.busybox().set("/process/terminal", true);
        bundle.args("sh", "-c", "while read word; do echo got $word; done");
        Images images = new Images(bundle, bundle.container(), image);
        try (Fd master = master(kernel, images.command("run", "--detach"))) {
            assertEquals("got one", converse(kernel, master, "one"));
            images.checkpoint().output();
        }
        try (Fd master = master(kernel, images.restoration("--detach"))) {
            assertEquals("got two", converse(kernel, master, "two"));
        }
    }

    private static Fd master(Kernel kernel, Invocation command) {
        Path socket = Sandbox.current().freshFile("console");
        try (Fd listening = kernel.sockets().unixStream("console")) {
            kernel.sockets().bind(listening, socket.toString());
            kernel.sockets().listen(listening, 1);
            Invocation.Running running =
                    command.under("sh", "-c", "\"$@\" --console-socket " + socket, "sh").start();
            try (Fd connection = kernel.sockets().accept(listening)) {
                List<Fd> received = new ArrayList<>();
                kernel.sockets().receive(connection, 4096, received);
                running.await().output();
                return received.get(0);
            }
        }
    }

    private static String converse(Kernel kernel, Fd master, String word) {
        kernel.files().writeAll(master, (word + "\n").getBytes(UTF_8));
        StringBuilder said = new StringBuilder();
        while (said.indexOf("got " + word) < 0) {
            said.append(new String(kernel.files().read(master, 4096), UTF_8));
        }
        return said.substring(said.indexOf("got ")).strip();
    }

    private static long lines(String path) throws IOException {
        return Files.readString(Path.of(path)).lines().count();
    }
}
