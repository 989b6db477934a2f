package io.jrunc.linux;

/**
 * The one unchecked exception of this project: something that was asked for did not happen.
 *
 * <p>The message reads {@code context: operation subject: ERRNO (hint)}, in lower case and without
 * a full stop. A level that knows more wraps it once with {@link #during}. Whatever names it holds,
 * it is one line, of a length that a log can bear.
 */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String path;
    private final Errno errno;
    private final String hint;

    private Failure(
            String message, String code, String path, Errno errno, String hint, Throwable cause) {
        super(OneLine.of(message), cause);
        this.code = code;
        this.path = path;
        this.errno = errno;
        this.hint = hint;
    }

    /** A system call that failed on {@code subject}; an empty {@code hint} adds nothing. */
    public static Failure syscall(String operation, String subject, Errno errno, String hint) {
        String what = subject.isEmpty() ? operation : operation + " " + subject;
        return new Failure(
                what + ": " + errno + parenthesised(hint), "syscall", subject, errno, hint, null);
    }

    /**
     * A value that means nothing where it stands, e.g. {@code process.cwd: "tmp" is not absolute}.
     */
    public static Failure invalid(String field, String problem) {
        return new Failure(field + ": " + problem, "invalid-config", field, null, "", null);
    }

    /** As {@link #invalid}, with what to write instead: {@code field: problem; remedy}. */
    public static Failure invalid(String field, String problem, String remedy) {
        return new Failure(
                field + ": " + problem + "; " + remedy,
                "invalid-config",
                field,
                null,
                remedy,
                null);
    }

    /** A valid field that this version cannot carry out yet, and so refuses. */
    public static Failure unsupported(String field, String problem) {
        return new Failure(field + ": " + problem, "unsupported", field, null, "", null);
    }

    /** Any other failure; {@code code} is a stable, hyphenated word that programs can match on. */
    public static Failure of(String code, String message) {
        return new Failure(message, code, "", null, "", null);
    }

    /** As {@link #of(String, String)}, about {@code path} and with the error that told us. */
    public static Failure of(String code, String message, String path, Errno errno, String hint) {
        return new Failure(message + parenthesised(hint), code, path, errno, hint, null);
    }

    /** As {@link #of(String, String)}, keeping the exception that led here. */
    public static Failure of(String code, String message, Throwable cause) {
        return new Failure(message, code, "", null, "", cause);
    }

    /** The same failure, told with what was being done: {@code doing: message}. */
    public Failure during(String doing) {
        Failure wrapped = new Failure(doing + ": " + getMessage(), code, path, errno, hint, this);
        for (Throwable second : getSuppressed()) {
            wrapped.addSuppressed(second);
        }
        return wrapped;
    }

    private static String parenthesised(String hint) {
        return hint.isEmpty() ? "" : " (" + hint + ")";
    }

    /** A stable word for programs: {@code syscall}, {@code invalid-config}, … */
    public String code() {
        return code;
    }

    /** The path or field concerned; empty if there is none. */
    public String path() {
        return path;
    }

    /** The kernel's answer, or null if no system call failed. */
    public Errno errno() {
        return errno;
    }

    /** What to do about it; empty if nothing is known. */
    public String hint() {
        return hint;
    }

    /** Whether the kernel's answer was {@code other}. */
    public boolean is(Errno other) {
        return errno == other;
    }
}
