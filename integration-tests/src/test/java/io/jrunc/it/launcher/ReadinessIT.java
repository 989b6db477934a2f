// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.launcher;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.local.LocalKernel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Services that say when they are ready. Source: sd_notify(3), runc's NOTIFY_SOCKET. */
@Requires(ROOT)
class ReadinessIT {
    private static final long PATIENCE_MILLIS = 30_000;
    private static final long MOMENT_MILLIS =
            300; // in which a process that does not wait has ended

    private final Kernel kernel = LocalKernel.get();
    private Path address;
    private Fd manager;

    @BeforeEach
    void open() {
        address = Sandbox.current().freshFile("manager");
        manager = listen(address.toString());
    }

    private Fd listen(String name) {
        Fd socket = kernel.sockets().unixDatagram(name);
        kernel.sockets().bind(socket, name);
        return socket;
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** The next message to the service manager, and how many descriptors came with it. */
    private record Message(String text, int descriptors) {}

    private Message receive(Fd socket, List<Fd> held) {
        assertTrue(kernel.processes().awaitReadable(socket, PATIENCE_MILLIS), "nothing was said");
        byte[] text = kernel.sockets().receive(socket, 4096, held);
        return new Message(new String(text, StandardCharsets.UTF_8), held.size());
    }

    /** Hears that the service is ready, and acknowledges it. */
    private void hearReady(Fd socket, long mainPid) {
        assertEquals(new Message("READY=1\n", 0), receive(socket, new ArrayList<>()));
        assertEquals(
                new Message("MAINPID=" + mainPid + "\n", 0), receive(socket, new ArrayList<>()));
        if (Program.isJrunc()) { // runc 1.1 does not ask yet
            List<Fd> held = new ArrayList<>();
            assertEquals(new Message("BARRIER=1", 1), receive(socket, held));
            held.forEach(Fd::close);
        }
    }

    private boolean hasMore() {
        return kernel.processes().awaitReadable(manager, 0);
    }

    /** What the program of a container, whose pid is in the file, would say of itself. */
    private long say(Path pidFile, String... texts) {
        try (Fd extra = kernel.files().open("/dev/null")) {
            return say(pidFile, extra, texts);
        }
    }

    /** The same; the descriptor goes with each message. */
    private long say(Path pidFile, Fd extra, String... texts) {
        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> Files.exists(pidFile)), "no container");
        long pid = Long.parseLong(Result.text(pidFile));
        Path socket = Path.of("/proc/" + pid + "/root/run/notify/notify.sock");
        assertTrue(Host.becomes(PATIENCE_MILLIS, () -> Files.exists(socket)), "no socket");
        try (Fd connected = kernel.sockets().unixDatagram("program")) {
            kernel.sockets().connect(connected, socket.toString());
            for (String text : texts) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                kernel.sockets().send(connected, bytes, List.of(extra));
            }
        }
        return pid;
    }

    /** A container that says what the test says for it. */
    private record Service(String id, Path pidFile, Invocation.Running run) {}

    private Service run(String... options) {
        Path pidFile = Sandbox.current().freshFile("pid");
        String id = Sandbox.current().freshId();
        List<String> words = new ArrayList<>(List.of("run"));
        words.addAll(List.of(options));
        words.addAll(List.of("--pid-file", pidFile.toString(), id));
        var bundle = Bundle.busybox().args("sleep", "60");
        return new Service(id, pidFile, service(bundle, words.toArray(new String[0])).start());
    }

    private Invocation service(Bundle bundle, String... arguments) {
        return bundle.invoke(arguments).variable("NOTIFY_SOCKET", address.toString());
    }

    @Test
    void foregroundIsItselfTheMainProcess() {
        Service service = run();

        say(service.pidFile(), "READY=1");

        hearReady(manager, service.run().pid());
        assertTrue(service.run().process().isAlive());
        Sandbox.current().runtime("kill", service.id(), "KILL").run().output();
        assertEquals(137, service.run().await().status());
        assertFalse(Sandbox.current().knows(service.id()));
    }

    @Test
    void detachedRunReturnsWhenTheContainerIsReady() {
        Service service = run("--detach");

        long pid = say(service.pidFile(), "READY=1\n");

        hearReady(manager, pid);
        assertEquals("", service.run().await().output());
    }

    @Test
    void startReturnsWhenTheContainerIsReady() {
        var bundle = Bundle.busybox().args("sleep", "60");
        Path pidFile = Sandbox.current().freshFile("pid");
        String id = Sandbox.current().freshId();
        service(bundle, "create", "--pid-file", pidFile.toString(), id).run().output();
        Invocation.Running start = service(bundle, "start", id).start();

        long pid = say(pidFile, "READY=1");

        hearReady(manager, pid);
        assertEquals("", start.await().output());
    }

    @Test
    void containerThatEndsUnreadyEndsTheWait() {
        var bundle = Bundle.busybox().args("true");
        Container container = bundle.container();
        service(bundle, "create", container.id()).run().output();

        assertEquals("", service(bundle, "start", container.id()).run().output());
        container.awaitEnd();

        assertFalse(hasMore());
    }

    /** The program of a service may wait until its message was read: sd_notify_barrier(3). */
    @Test
    @Requires(JRUNC) // in runc it waits in vain
    void programsOwnBarrierIsAnswered() {
        Service service = run();
        say(service.pidFile(), "READY=1");
        hearReady(manager, service.run().pid());

        Fd[] pair = kernel.sockets().pair("barrier");
        say(service.pidFile(), pair[1], "BARRIER=1");
        pair[1].close();

        try (Fd barrier = pair[0]) {
            assertTrue(kernel.processes().awaitReadable(barrier, PATIENCE_MILLIS), "not answered");
        }
        assertFalse(hasMore());
        Sandbox.current().runtime("kill", service.id(), "KILL").run().output();
        assertEquals(137, service.run().await().status());
    }

    /** READY=1 is forwarded even if the container ends at once. */
    @Test
    @Requires(JRUNC) // in runc it is lost now and then
    void lastWordIsPassedOn() {
        Service service = run("--detach");
        long pid = say(service.pidFile(), "STATUS=1", "STATUS=2", "READY=1");
        Sandbox.current().runtime("kill", service.id(), "KILL").run();

        hearReady(manager, pid);
        assertEquals("", service.run().await().output());
    }

    @Test
    @Requires(JRUNC) // runc takes READY=1 for one only as the first line
    void nothingElsePasses() {
        Service service = run("--detach");

        long pid =
                say(
                        service.pidFile(),
                        "STOPPING=1",
                        "MAINPID=1",
                        "WATCHDOG=trigger",
                        "FDSTORE=1",
                        "READY=",
                        "READY=10",
                        "X=READY=1",
                        "STATUS=up\nREADY=1\nMAINPID=1");

        hearReady(manager, pid);
        service.run().await().output();
        assertFalse(hasMore());
    }

    /**
     * The launcher must not end before the manager has read all: the sender is looked up by pid.
     */
    @Test
    @Requires(JRUNC) // runc 1.1 does not ask yet
    void acknowledgementIsAwaited() {
        Service service = run("--detach");
        say(service.pidFile(), "READY=1");
        receive(manager, new ArrayList<>());
        receive(manager, new ArrayList<>());
        List<Fd> held = new ArrayList<>();
        receive(manager, held);

        try (Fd launcher = kernel.processes().openPid((int) service.run().pid())) {
            assertTrue(launcher.isOpen(), "it is gone");
            assertFalse(kernel.processes().awaitEnd(launcher, MOMENT_MILLIS), "it has ended");
        }
        held.forEach(Fd::close);
        service.run().await().output();
    }

    @Test
    void managerMayHaveAnAbstractName() {
        String name = "@" + Sandbox.current().token();
        var bundle = Bundle.busybox().args("sleep", "60");
        Path pidFile = Sandbox.current().freshFile("pid");
        String id = Sandbox.current().freshId();
        try (Fd other = listen(name)) {
            Invocation.Running run =
                    bundle.invoke("run", "--detach", "--pid-file", pidFile.toString(), id)
                            .variable("NOTIFY_SOCKET", name)
                            .start();

            hearReady(other, say(pidFile, "READY=1"));
            run.await().output();
        }
    }

    @Test
    void anyUserOfTheContainerMayTell() {
        String look =
                "echo $NOTIFY_SOCKET; [ -S $NOTIFY_SOCKET ] && [ -w $NOTIFY_SOCKET ] && echo may;"
                        + " touch /run/notify/x 2>/dev/null || echo nothing else;"
                        + " grep ' /run/notify ' /proc/self/mountinfo | cut -d ' ' -f 6";
        var bundle = Bundle.busybox().directory("/run/notify");
        bundle.userNamespace(100000, 65536).user(1000, 1000);
        bundle.env("NOTIFY_SOCKET=/elsewhere").args("sh", "-c", look);

        Container container = bundle.container();
        Result create = service(bundle, "create", container.id()).run();
        assertEquals("", create.output());

        service(bundle, "start", container.id()).run().output();
        container.awaitEnd();

        assertEquals(
                List.of(
                        "/run/notify/notify.sock",
                        "may",
                        "nothing else",
                        "ro,nosuid,nodev,noexec,relatime"),
                create.lines());
    }

    @Test
    @Requires(JRUNC) // runc says nothing
    void managerThatIsGoneIsNoObstacle() {
        var bundle = Bundle.busybox().args("sh", "-c", "echo ran $NOTIFY_SOCKET");
        Invocation run = bundle.invoke("run", Sandbox.current().freshId());

        Result result = run.variable("NOTIFY_SOCKET", "/no/such/socket").run();

        assertEquals("ran", result.output());
        assertTrue(
                result.stderr().contains("NOTIFY_SOCKET: connect /no/such/socket: ENOENT"),
                result::describe);
    }
}
