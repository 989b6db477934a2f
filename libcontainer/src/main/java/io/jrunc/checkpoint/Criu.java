// SPDX-License-Identifier: Apache-2.0
package io.jrunc.checkpoint;

import io.jrunc.linux.Call;
import io.jrunc.linux.ChildOp;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Signal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A conversation with a criu process: {@code criu swrk}. It serves this process alone, and ends
 * with the conversation.
 *
 * <pre>{@code
 * runtime                                  criu
 *    | DUMP, RESTORE, ... with options      |
 *    | -----------------------------------> |
 *    |     NOTIFY: what is about to happen, |
 *    |     perhaps with a descriptor        |
 *    | <----------------------------------- |
 *    | whether to go on                     |
 *    | -----------------------------------> |
 *    |     DUMP, RESTORE, ...: result       |
 *    | <----------------------------------- |
 * }</pre>
 */
public final class Criu implements AutoCloseable {
    /** The numbers that criu's socket and the caller's streams have in it. */
    private static final int SOCKET = 64;

    /** Those of its directories: it opens them by /proc of the process that made the socket. */
    static final int IMAGES = 70;

    static final int WORK = 71;

    /** What the kernel copies at once, and more than criu sends. */
    private static final int MESSAGE_BYTES = 1 << 16;

    private static final int FIRST_TO_CLOSE = 3;
    private static final int TICK_MILLIS = 200;
    private static final int ENDS_WITHIN_MILLIS = 10_000;
    private static final int SHOWN_BYTES = 2000;

    private static final int REQUEST_TYPE = 1;
    private static final int REQUEST_OPTIONS = 2;
    private static final int REQUEST_NOTIFY_SUCCESS = 3;
    private static final int REQUEST_KEEP_OPEN = 4;
    private static final int REQUEST_FEATURES = 5;
    private static final int RESPONSE_TYPE = 1;
    private static final int RESPONSE_SUCCESS = 2;
    private static final int RESPONSE_RESTORE = 4;
    private static final int RESPONSE_NOTIFY = 5;
    private static final int RESPONSE_FEATURES = 8;
    private static final int RESPONSE_MESSAGE = 9;
    private static final int RESPONSE_VERSION = 10;
    private static final int RESTORE_PID = 1;
    private static final int NOTIFY_SCRIPT = 1;
    private static final int NOTIFY_PID = 2;
    private static final int VERSION_MAJOR = 1;
    private static final int VERSION_MINOR = 2;

    /** What can be asked for. */
    public enum Request {
        DUMP(1),
        RESTORE(2),
        PRE_DUMP(4),
        NOTIFY(6),
        FEATURE_CHECK(9),
        VERSION(10);

        private final int number;

        Request(int number) {
            this.number = number;
        }
    }

    /** What criu and the kernel may be unable to do. */
    public enum Feature {
        /** The kernel notes which pages have changed. */
        MEMORY_TRACKING(1, "note which pages have changed"),
        /** Pages can be restored after the process. */
        LAZY_PAGES(2, "have pages restored when they are used");

        private final int field;
        private final String ability;

        Feature(int field, String ability) {
            this.field = field;
            this.ability = ability;
        }
    }

    /**
     * Something criu is about to do, or has done.
     *
     * @param script its name, as of the scripts that criu(8) runs
     * @param pid of the first process; 0 if it does not matter
     * @param descriptors that came along, closed afterwards
     */
    public record Notification(String script, int pid, List<Fd> descriptors) {}

    /** Receives what criu reports. A {@link Failure} makes criu give up. */
    public interface Listener {
        void notified(Notification notification);

        /** Is called several times in a second. */
        default void waiting() {}
    }

    private final Kernel runtime;
    private final Fd socket;
    private final Fd errors;
    private final int pid;

    private Criu(Kernel runtime, Fd socket, Fd errors, int pid) {
        this.runtime = runtime;
        this.socket = socket;
        this.errors = errors;
        this.pid = pid;
    }

    /** Returns criu's number of a standard stream of the caller. */
    public static int stream(int number) {
        return SOCKET + 1 + number;
    }

    /** Has a process keep none of its descriptors but the streams and those that follow. */
    public static void prepare(Kernel process) {
        process.processes().closeOnExec(FIRST_TO_CLOSE);
    }

    /**
     * Makes a process criu, after {@link #prepare}.
     *
     * @param process whose standard streams become those with the numbers {@link #stream}
     * @param environment of the caller, with PATH
     * @param image the directory of the image
     * @param work the directory of the log
     * @param keepsSession whether it stays in the caller's session, with its streams
     */
    public static Criu in(
            Kernel runtime,
            Kernel process,
            int pid,
            List<String> environment,
            String image,
            String work,
            boolean keepsSession) {
        String program = CriuProgram.find(runtime, environment);
        Fd[] pair = process.sockets().packetPair("criu");
        Fd socket = new Call(process, ChildOp.ATTACH, "criu", pair[0]).submit().requireAttached();
        Fd errors = runtime.descriptors().memoryFile("criu's errors");
        try {
            for (int number = 0; number < 3; number++) {
                process.descriptors().duplicateTo(Fd.of(process, number, "stream"), stream(number));
            }
            process.descriptors().duplicateTo(pair[1], SOCKET);
            open(process, image, IMAGES);
            open(process, work, WORK);
            if (!keepsSession) {
                // What is typed at the caller's terminal must not end it half-way.
                process.processes().newSession();
                try (Fd nothing = process.files().open("/dev/null", OpenFlag.RDWR)) {
                    process.descriptors().duplicateTo(nothing, 0);
                    process.descriptors().duplicateTo(nothing, 1);
                }
                process.descriptors().duplicateTo(errors, 2);
            }
            process.processes()
                    .exec(program, List.of("criu", "swrk", Integer.toString(SOCKET)), environment);
            process.finish();
            return new Criu(runtime, socket, errors, pid);
        } catch (RuntimeException f) {
            socket.close();
            errors.close();
            throw f;
        }
    }

    private static void open(Kernel process, String path, int number) {
        Fd directory = process.files().open(path, OpenFlag.RDONLY, OpenFlag.DIRECTORY);
        process.descriptors().duplicateTo(directory, number);
    }

    /** Fails unless criu is of this version or a later one. */
    public void requireVersion(int major, int minor) {
        CriuMessage answer = ask(new CriuMessage().put(REQUEST_KEEP_OPEN, true), Request.VERSION);
        CriuMessage version = answer.message(RESPONSE_VERSION).orElseGet(CriuMessage::new);
        long found = version.number(VERSION_MAJOR).orElse(0);
        long foundMinor = version.number(VERSION_MINOR).orElse(0);
        if (found < major || found == major && foundMinor < minor) {
            throw Failure.of(
                    Failure.Code.HOST,
                    "criu is of version "
                            + found
                            + "."
                            + foundMinor
                            + "; install "
                            + major
                            + "."
                            + minor
                            + " or newer");
        }
    }

    /** Fails unless criu and the kernel are able to. */
    public void require(Feature feature, String option) {
        CriuMessage request =
                new CriuMessage()
                        .put(REQUEST_FEATURES, new CriuMessage().put(feature.field, true))
                        .put(REQUEST_KEEP_OPEN, true);
        CriuMessage answer = ask(request, Request.FEATURE_CHECK);
        boolean able =
                answer.message(RESPONSE_FEATURES)
                        .map(features -> features.isSet(feature.field))
                        .orElse(false);
        if (!able) {
            throw Failure.of(
                    Failure.Code.HOST,
                    option
                            + ": this kernel cannot "
                            + feature.ability
                            + ", says criu check --all; leave the option out");
        }
    }

    private CriuMessage ask(CriuMessage request, Request type) {
        send(request.put(REQUEST_TYPE, type.number));
        CriuMessage answer = receive(new ArrayList<>(), () -> {});
        if (!answer.isSet(RESPONSE_SUCCESS)) {
            throw Failure.of(
                    Failure.Code.CRIU,
                    "criu refuses to answer " + type + "; is it older than 3.11?");
        }
        return answer;
    }

    /** How a request ended. */
    public record Result(boolean success, String message, int pid) {}

    /**
     * Has criu do something, and waits until it is done.
     *
     * @return the result; its message is empty unless criu gives a reason
     */
    public Result perform(Request type, CriuOptions options, Listener listener) {
        send(
                new CriuMessage()
                        .put(REQUEST_TYPE, type.number)
                        .put(REQUEST_OPTIONS, options.message()));
        Optional<RuntimeException> refused = Optional.empty();
        while (true) {
            List<Fd> descriptors = new ArrayList<>();
            try {
                CriuMessage answer = receive(descriptors, listener::waiting);
                if (answer.number(RESPONSE_TYPE).orElse(0) != Request.NOTIFY.number) {
                    if (refused.isPresent()) {
                        throw refused.get();
                    }
                    return result(answer);
                }
                Optional<RuntimeException> problem = notify(answer, descriptors, listener);
                refused = refused.isPresent() ? refused : problem;
                send(
                        new CriuMessage()
                                .put(REQUEST_TYPE, Request.NOTIFY.number)
                                .put(REQUEST_NOTIFY_SUCCESS, problem.isEmpty()));
            } finally {
                descriptors.forEach(Fd::close);
            }
        }
    }

    private static Optional<RuntimeException> notify(
            CriuMessage answer, List<Fd> descriptors, Listener listener) {
        CriuMessage notify = answer.message(RESPONSE_NOTIFY).orElseGet(CriuMessage::new);
        try {
            listener.notified(
                    new Notification(
                            notify.text(NOTIFY_SCRIPT).orElse(""),
                            (int) notify.number(NOTIFY_PID).orElse(0),
                            descriptors));
            return Optional.empty();
        } catch (RuntimeException f) {
            return Optional.of(f);
        }
    }

    private static Result result(CriuMessage answer) {
        int pid =
                answer.message(RESPONSE_RESTORE)
                        .map(restored -> (int) restored.number(RESTORE_PID).orElse(0))
                        .orElse(0);
        return new Result(
                answer.isSet(RESPONSE_SUCCESS), answer.text(RESPONSE_MESSAGE).orElse(""), pid);
    }

    private void send(CriuMessage message) {
        runtime.sockets().send(socket, message.toBytes(), List.of());
    }

    private CriuMessage receive(List<Fd> descriptors, Runnable tick) {
        while (!runtime.processes().awaitReadable(socket, TICK_MILLIS)) {
            tick.run();
        }
        byte[] bytes = runtime.sockets().receive(socket, MESSAGE_BYTES, descriptors);
        if (bytes.length == 0) {
            throw Failure.of(Failure.Code.CRIU, "criu ended without an answer" + said());
        }
        return CriuMessage.parse(bytes);
    }

    /** Returns what it has printed, before it had a log. */
    private String said() {
        runtime.files().rewind(errors);
        byte[] printed = runtime.files().read(errors, SHOWN_BYTES);
        String text = new String(printed, StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? "" : ": " + text;
    }

    /** Ends the conversation, waits for criu's end, and kills it if it does not end by itself. */
    @Override
    public void close() {
        socket.close();
        errors.close();
        try (Fd process = runtime.processes().openPid(pid)) {
            if (process.isOpen() && !runtime.processes().awaitEnd(process, ENDS_WITHIN_MILLIS)) {
                runtime.processes().signal(process, Signal.SIGKILL);
            }
        }
    }
}
