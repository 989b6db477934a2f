// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one unchecked exception of this project: something that was asked for did not happen.
 *
 * <p>The message reads {@code context: operation subject: ERRNO (hint)}, in lower case and without
 * a full stop. A level that knows more wraps it once with {@link #during}. Whatever names it holds,
 * it is one line, of a length that a log can bear.
 */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The kinds of failures. Programs match on {@link #word}, which never changes. */
    public enum Code {
        /** A path leads out of the container. */
        BREAKOUT,
        /** A capability cannot be had. */
        CAPABILITIES,
        /** A cgroup cannot be used or changed as asked. */
        CGROUP,
        /** A cgroup is frozen, so that no process in it can run. */
        CGROUP_FROZEN,
        /** A cgroup holds processes or other cgroups. */
        CGROUP_NOT_EMPTY,
        /** A tree of files cannot be copied. */
        COPY,
        /** criu(8) cannot dump or restore the container. */
        CRIU,
        /** What is stored of the container cannot be read. */
        DAMAGED,
        /** The program cannot be executed. */
        EXEC,
        /** A container with this id exists already. */
        EXISTS,
        /** /proc does not show a process. */
        HIDDEN_PROCESS,
        /** A hook failed. */
        HOOK,
        /** The host lacks something. */
        HOST,
        /** Ids cannot be mapped into a user namespace. */
        ID_MAPPING,
        /** A file of this program is missing. */
        INSTALLATION,
        /** A defect of this program. */
        INTERNAL,
        /** The thread was interrupted while it waited. */
        INTERRUPTED,
        /** A value in a document is wrong. */
        INVALID_CONFIG,
        /** A container id has a wrong form. */
        INVALID_ID,
        /** A security module refuses a label. */
        LABEL,
        /** A resource limit of the caller is too low. */
        LIMIT,
        /** A path cannot be masked. */
        MASK,
        /** A mount cannot be made. */
        MOUNT,
        /** The target of a mount is of a wrong type. */
        MOUNT_TARGET,
        /** The container does not exist. */
        NOT_FOUND,
        /** The container has no running process. */
        NOT_RUNNING,
        /** The kernel has no audit log to write to. */
        NO_AUDIT,
        /** The bundle does not exist. */
        NO_BUNDLE,
        /** The bundle has no config.json. */
        NO_CONFIG,
        /** The kernel log cannot be read. */
        NO_LOG,
        /** A process was killed because the container is out of memory. */
        OOM_KILLED,
        /** This program is out of memory. */
        OUT_OF_MEMORY,
        /** A descriptor to preserve is not open. */
        PRESERVE_FDS,
        /** A process of this program ended unexpectedly. */
        PROCESS_DIED,
        /** A peer sent something unexpected. */
        PROTOCOL,
        /** ps(1) failed. */
        PS,
        /** A system call failed. */
        SYSCALL,
        /** A system control cannot be set. */
        SYSCTL,
        /** systemd refuses or does not answer. */
        SYSTEMD,
        /** A document or list is too large. */
        TOO_LARGE,
        /** A correct value that this program cannot carry out. */
        UNSUPPORTED,
        /** Other users can write to the state directory. */
        UNTRUSTED_ROOT,
        /** The command line is wrong. */
        USAGE,
        /** The container is in another state than the operation needs. */
        WRONG_STATE;

        /** Returns the name in logs: {@code not-found}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Code code;
    private final String path;
    private final @Nullable Errno errno;
    private final String hint;

    /** What was being done; not part of the message. */
    private transient @Nullable Object origin;

    private Failure(
            String message,
            Code code,
            String path,
            @Nullable Errno errno,
            String hint,
            @Nullable Throwable cause) {
        super(OneLine.of(message), cause);
        this.code = code;
        this.path = path;
        this.errno = errno;
        this.hint = hint;
    }

    /** Returns a system call that failed on {@code subject}; an empty {@code hint} adds nothing. */
    public static Failure syscall(String operation, String subject, Errno errno, String hint) {
        String what = subject.isEmpty() ? operation : operation + " " + subject;
        return new Failure(
                what + ": " + errno + parenthesised(hint),
                Code.SYSCALL,
                subject,
                errno,
                hint,
                null);
    }

    /**
     * Returns a value that means nothing where it stands, e.g. {@code process.cwd: "tmp" is not
     * absolute}.
     */
    public static Failure invalid(String field, String problem) {
        return new Failure(field + ": " + problem, Code.INVALID_CONFIG, field, null, "", null);
    }

    /** As {@link #invalid}, with what to write instead: {@code field: problem; remedy}. */
    public static Failure invalid(String field, String problem, String remedy) {
        return new Failure(
                field + ": " + problem + "; " + remedy,
                Code.INVALID_CONFIG,
                field,
                null,
                remedy,
                null);
    }

    /** Returns a valid field that this version cannot carry out yet, and so refuses. */
    public static Failure unsupported(String field, String problem) {
        return new Failure(field + ": " + problem, Code.UNSUPPORTED, field, null, "", null);
    }

    /** Any other failure. */
    public static Failure of(Code code, String message) {
        return new Failure(message, code, "", null, "", null);
    }

    /** As {@link #of(Code, String)}, about {@code path} and with the errno behind it. */
    public static Failure of(Code code, String message, String path, Errno errno, String hint) {
        return new Failure(message + parenthesised(hint), code, path, errno, hint, null);
    }

    /** As {@link #of(Code, String)}, about {@code path}; an empty {@code hint} adds nothing. */
    public static Failure of(Code code, String message, String path, String hint) {
        return new Failure(message + parenthesised(hint), code, path, null, hint, null);
    }

    /** As {@link #of(Code, String)}, keeping the exception that led here. */
    public static Failure of(Code code, String message, Throwable cause) {
        return new Failure(message, code, "", null, "", cause);
    }

    /** Returns the same failure, with the operation in front: {@code doing: message}. */
    public Failure during(String doing) {
        Failure wrapped = new Failure(doing + ": " + getMessage(), code, path, errno, hint, this);
        wrapped.origin = origin;
        for (Throwable second : getSuppressed()) {
            wrapped.addSuppressed(second);
        }
        return wrapped;
    }

    /** Notes what was being done, unless that is noted already. Returns this object. */
    public Failure from(Optional<Object> what) {
        origin = origin == null ? what.orElse(null) : origin;
        return this;
    }

    /** Returns what was being done as {@link Kernel#attribute} says; empty if it is not known. */
    public Optional<Object> origin() {
        return Optional.ofNullable(origin);
    }

    /** Returns the message, which every failure has. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** Returns the same failure with another hint in the place of its own. */
    public Failure hinting(String other) {
        String message = getMessage();
        String own = parenthesised(hint);
        String bare =
                message.endsWith(own)
                        ? message.substring(0, message.length() - own.length())
                        : message;
        return new Failure(bare + parenthesised(other), code, path, errno, other, null)
                .from(origin());
    }

    private static String parenthesised(String hint) {
        return hint.isEmpty() ? "" : " (" + hint + ")";
    }

    /** Returns the kind of failure, for programs. */
    public Code code() {
        return code;
    }

    /** Returns the path or field concerned; empty if there is none. */
    public String path() {
        return path;
    }

    /** Returns the kernel's answer; empty if no system call failed. */
    public Optional<Errno> errno() {
        return Optional.ofNullable(errno);
    }

    /** Returns what to do about it; empty if nothing is known. */
    public String hint() {
        return hint;
    }

    /** Returns whether the kernel's answer was {@code other}. */
    public boolean is(Errno other) {
        return errno == other;
    }
}
