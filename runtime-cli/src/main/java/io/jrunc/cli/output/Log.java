// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.output;

import io.jrunc.cli.launcher.Launcher;
import io.jrunc.cli.launcher.Request;
import io.jrunc.json.JsonText;
import io.jrunc.linux.Arg;
import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OneLine;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Syscall;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Messages about what happens: to standard error, or to the file of {@code --log}, in runc's
 * formats. The failure that ends a command goes to standard error in any case, for some engines
 * read only that.
 */
public final class Log implements AutoCloseable {
    private static final OpenFlag[] APPENDING = {
        OpenFlag.WRONLY, OpenFlag.APPEND, OpenFlag.SYNC, OpenFlag.NOCTTY
    };
    private static final int TCGETS = 0x5401;
    private static final List<String> LEVELS = List.of("debug", "info", "warning", "error");

    private final Kernel kernel;
    private final Fd err;

    /** The file of {@code --log}, or standard error. */
    private final Fd target;

    private final boolean json;
    private final int threshold;

    private Log(Kernel kernel, Fd err, Fd target, boolean json, int threshold) {
        this.kernel = kernel;
        this.err = err;
        this.target = target;
        this.json = json;
        this.threshold = threshold;
    }

    /**
     * Opens the log.
     *
     * @param path of the file; empty is standard error
     * @param format text or json; empty is text
     * @param level the least that is written; empty is info
     */
    public static Log open(
            Kernel kernel,
            Request request,
            Launcher launcher,
            String path,
            String format,
            String level) {
        if (!format.isEmpty() && !format.equals("text") && !format.equals("json")) {
            throw Failure.of(
                    Failure.Code.USAGE, "invalid log-format: " + format + "; write text or json");
        }
        if (!level.isEmpty() && !LEVELS.contains(level)) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "--log-level: \"" + level + "\" is none; write debug, info, warning or error");
        }
        int threshold = LEVELS.indexOf(level.isEmpty() ? "info" : level);
        boolean json = format.equals("json");
        try {
            Fd err = request.err();
            Fd target = path.isEmpty() ? err : launcher.openOrCreate(path, APPENDING);
            return new Log(kernel, err, target, json, threshold);
        } catch (Failure f) {
            if (!f.is(Errno.ENOSPC) && !f.is(Errno.EDQUOT)) {
                throw f;
            }
            Log other = new Log(kernel, request.err(), request.err(), json, threshold);
            other.warn("--log: " + f.getMessage() + ", falling back to standard error");
            return other;
        }
    }

    /** For failures before there are options. */
    public static Log standardError(Kernel kernel, Request request) {
        Fd err = request.err();
        return new Log(kernel, err, err, false, LEVELS.indexOf("info"));
    }

    /** Closes the file of {@code --log}. */
    @Override
    public void close() {
        if (hasFile()) {
            target.close();
        }
    }

    private boolean hasFile() {
        return target != err;
    }

    /** Returns whether standard error is a terminal, and messages go there. */
    public boolean isOnTerminal() {
        return !hasFile() && isTerminal(err);
    }

    public boolean isDebug() {
        return threshold == 0;
    }

    public void debug(String message) {
        write("debug", message, Optional.empty());
    }

    /** Where a bug came from. */
    public void debugTrace(Throwable bug) {
        for (StackTraceElement frame : bug.getStackTrace()) {
            debug("at " + frame);
        }
    }

    /** Warns; what the library calls by its own names is said in the words of the command line. */
    public void warn(String message) {
        write("warning", OptionWords.of(message), Optional.empty());
    }

    /** The failure that ends the command. */
    public void fail(Failure failure) {
        for (Throwable second : failure.getSuppressed()) {
            warn("while undoing it: " + second.getMessage());
        }
        String message = OptionWords.of(withEngineWords(failure));
        write("error", message, Optional.of(failure));
        if (hasFile()) {
            writeIfPossible(err, message + "\n");
        }
    }

    /**
     * Engines take their exit status from these words; a message may only have the errno's name.
     */
    private static String withEngineWords(Failure failure) {
        String message = failure.getMessage();
        Optional<Errno> errno = failure.errno();
        // Other kinds of failures choose their words themselves.
        if (errno.isEmpty() || failure.code() != Failure.Code.SYSCALL) {
            return message;
        }
        // No switch: it makes a class of its own, which a failing command may be unable to load.
        boolean matched =
                Set.of(Errno.ENOENT, Errno.EACCES, Errno.EPERM, Errno.ENOTDIR, Errno.ESRCH)
                        .contains(errno.get());
        String words = errno.get().description();
        return matched && !message.contains(words) ? message + ": " + words : message;
    }

    private void write(String level, String message, Optional<Failure> failure) {
        if (LEVELS.indexOf(level) < threshold) {
            return;
        }
        String line =
                json ? jsonLine(level, message, failure) : OneLine.clean(textLine(level, message));
        writeIfPossible(target, line + "\n");
    }

    private String textLine(String level, String message) {
        if (isOnTerminal()) {
            return level.substring(0, Math.min(4, level.length()))
                            .toUpperCase(java.util.Locale.ROOT)
                    + "[0000] "
                    + message;
        }
        StringBuilder quoted = new StringBuilder();
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                default -> quoted.append(c);
            }
        }
        return "time=\"" + now() + "\" level=" + level + " msg=\"" + quoted + "\"";
    }

    private static String jsonLine(String level, String message, Optional<Failure> failed) {
        JsonText line = JsonText.compact();
        line.beginObject();
        line.string("level", level);
        line.string("msg", message);
        line.string("time", now());
        if (failed.isPresent()) {
            Failure failure = failed.get();
            line.string("code", failure.code().word());
            line.string("phase", phase(message));
            line.string("path", OneLine.of(failure.path()));
            line.string("errno", failure.errno().map(Errno::name).orElse(""));
            line.string("hint", OneLine.of(OptionWords.of(failure.hint())));
        }
        line.endObject();
        return line.toString();
    }

    /** Returns what was being done: the message's beginning, up to the first colon. */
    private static String phase(String message) {
        int colon = message.indexOf(": ");
        return colon < 0 ? "" : message.substring(0, colon);
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private boolean isTerminal(Fd fd) {
        Arg.Out termios = Arg.out(64);
        Call call = new Call(kernel, Syscall.IOCTL, "TCGETS", fd, Arg.of(TCGETS), termios);
        return call.tolerateAll().submit().result() == 0;
    }

    /** Writes a message; a log that cannot be written is no reason to end a container. */
    private void writeIfPossible(Fd stream, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        kernel.files().writeTolerantly(stream, bytes).result();
    }

    /** Writes a command's output to a stream; a stream without a reader is no failure. */
    public void print(Fd stream, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            kernel.files().writeAll(stream, bytes);
        } catch (Failure f) {
            if (!f.is(Errno.EPIPE)) {
                throw f;
            }
        }
    }
}
