// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.serve;

import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.local.LocalKernel;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A resident runtime: {@link #WORKERS} threads each serve one launcher at a time. It ends when it
 * was idle for long, and, once no request is under way, after SIGTERM, when its program or its Java
 * was replaced, when memory ran out, and when a request hangs whose launcher is gone.
 *
 * <p>A launcher that connects while all workers are busy gets no greeting in time and starts a JVM
 * instead.
 */
public final class Server {
    private static final int WORKERS = 8;
    private static final int LISTEN_FDS_START = 3;
    private static final long TICK_MILLIS = 2000;
    private static final long INTERRUPT_MILLIS = 5000;
    private static final long GIVE_UP_MILLIS = 60_000;
    private static final long DRAIN_MILLIS = 80_000;
    private static final long SHORTAGE_MILLIS = 100;

    /** After so many requests, some hundred KiB of what they left have become old. */
    private static final long REQUESTS_PER_COLLECTION = 4000;

    private final LocalKernel kernel;
    private final Listener listener;
    private final CallerContext context;
    private final Installation installation;
    private final long idleMillis;
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicLong served = new AtomicLong();
    private long collectedAfter;
    private volatile long lastUse = System.nanoTime();
    private volatile boolean draining;

    private Server(LocalKernel kernel, Listener listener, CallerContext context, long idleMillis) {
        this.kernel = kernel;
        this.listener = listener;
        this.context = context;
        this.installation = Installation.own(kernel);
        this.idleMillis = idleMillis;
    }

    /**
     * Serves until there is a reason to end.
     *
     * @param args the directory of the socket; after how many idle seconds to end, 0 for never; the
     *     pid of the JVM that became this one's child when its parent became this one
     */
    public static void main(String[] args) {
        LocalKernel kernel = LocalKernel.get();
        try {
            kernel.processes().await(Integer.parseInt(args[2]), true);
            CallerContext context = CallerContext.own(kernel);
            if (context.isFiltered()) {
                throw Failure.of(
                        Failure.Code.HOST,
                        "a filter of system calls restricts this process, and so every container"
                                + " that it would make; start it without SystemCallFilter=");
            }
            Training.run(kernel); // before launchers find the socket
            Listener listener = listener(kernel, args[0]);
            Server server =
                    new Server(kernel, listener, context, Integer.parseInt(args[1]) * 1000L);
            server.run();
        } catch (Failure f) {
            System.err.println("jrunc serve: " + f.getMessage());
            kernel.processes().exit(1);
        }
    }

    private static Listener listener(Kernel kernel, String directory) {
        Map<String, String> environment = System.getenv();
        boolean inherits =
                Long.toString(ProcessHandle.current().pid()).equals(environment.get("LISTEN_PID"))
                        && "1".equals(environment.get("LISTEN_FDS"));
        return inherits
                ? Listener.inherited(kernel, LISTEN_FDS_START, directory)
                : Listener.create(kernel, directory, Host.effectiveUid());
    }

    private void run() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "end"));
        for (int i = 0; i < WORKERS; i++) {
            new Thread(this::work, "worker " + i).start();
        }
        Readiness.tell(kernel);
        try {
            while (!isTimeToEnd()) {
                Thread.sleep(TICK_MILLIS);
                collect();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.exit(0); // the shutdown hook waits for requests
    }

    /**
     * Has what is old and unused collected, in some 5 ms. By itself the JVM does that when its heap
     * is full, and keeps the memory.
     */
    private void collect() {
        if (served.get() - collectedAfter >= REQUESTS_PER_COLLECTION) {
            collectedAfter = served.get();
            System.gc();
        }
    }

    private void work() {
        while (true) {
            Fd connection;
            try {
                connection = listener.accept();
            } catch (Failure shortage) { // of descriptors, most likely; launchers do without us
                report(shortage.getMessage());
                pause(SHORTAGE_MILLIS);
                continue;
            }
            serve(connection);
        }
    }

    private void serve(Fd connection) {
        Session session = new Session(kernel, connection);
        sessions.add(session);
        busy.incrementAndGet();
        try {
            if (!draining && session.serve(context)) {
                lastUse = System.nanoTime();
                served.incrementAndGet();
            }
        } catch (OutOfMemoryError e) {
            report("out of memory; it ends when its requests are done");
            draining = true;
        } catch (RuntimeException | StackOverflowError e) {
            report("this is a bug in jrunc, please report it: " + e);
        } finally {
            session.close();
            sessions.remove(session);
            busy.decrementAndGet();
        }
    }

    private boolean isTimeToEnd() {
        for (Session session : sessions) {
            if (session.interruptIfLeft(INTERRUPT_MILLIS) > GIVE_UP_MILLIS && !draining) {
                report("a request hangs in the kernel; it ends when the others are done");
                draining = true;
            }
        }
        if (!draining && installation.hasChanged()) {
            report("its program or its Java was replaced; it ends when its requests are done");
            draining = true;
        }
        long idle = (System.nanoTime() - lastUse) / 1_000_000;
        boolean unused = idleMillis > 0 && idle > idleMillis && busy.get() == 0;
        return unused || (draining && isDrained());
    }

    /** Returns whether nothing is under way but what hangs without a launcher. */
    private boolean isDrained() {
        for (Session session : sessions) {
            if (session.interruptIfLeft(INTERRUPT_MILLIS) <= GIVE_UP_MILLIS) {
                return false;
            }
        }
        return true;
    }

    /** Takes no further requests, and waits for those under way. */
    private void end() {
        draining = true;
        listener.close();
        long end = System.nanoTime() + DRAIN_MILLIS * 1_000_000;
        while (!isDrained() && System.nanoTime() < end) {
            pause(10);
        }
        report("it ends after " + served + " requests");
    }

    private static void report(String what) {
        System.err.println("jrunc serve: " + what);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
