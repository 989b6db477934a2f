// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An open file descriptor with one owner, which closes it once. It belongs to the process of its
 * {@link Kernel}; given to a call of another process, it is sent there for the duration of that
 * call. An {@code Fd} parameter is borrowed, a returned {@code Fd} is the caller's to close.
 */
public final class Fd implements Arg, AutoCloseable {
    private static final int AT_FDCWD = -100;

    private final Kernel kernel;
    private final String name;
    private final @Nullable Call opener;
    private final int number;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Fd(Kernel kernel, String name, @Nullable Call opener, int number) {
        this.kernel = kernel;
        this.name = name;
        this.opener = opener;
        this.number = number;
    }

    /** Returns what {@code opener} opens, perhaps later. */
    public static Fd openedBy(Call opener, Kernel kernel, String name) {
        return new Fd(kernel, name, opener, -1);
    }

    /** Returns a descriptor that is open already. */
    public static Fd of(Kernel kernel, int number, String name) {
        return new Fd(kernel, name, null, number);
    }

    /** Returns the current directory of the process, where a call takes a directory descriptor. */
    public static Fd currentDirectory(Kernel kernel) {
        return new Fd(kernel, ".", null, AT_FDCWD);
    }

    /** Returns the number, lent for one call; {@link IllegalStateException} once closed. */
    public int number() {
        requireOpen();
        return numberAsSubmitted();
    }

    /** For kernels that defer: the number in a call that was submitted before this was closed. */
    public int numberAsSubmitted() {
        return opener == null ? number : (int) opener.result();
    }

    /** Throws {@link IllegalStateException} once closed. */
    public void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("descriptor of " + name + " is closed");
        }
    }

    /** Returns the same descriptor under another name; this one counts as closed. */
    public Fd renamed(String other) {
        requireOpen();
        closed.set(true);
        return new Fd(kernel, other, opener, number);
    }

    /**
     * Returns a handle for what is done in place of an attempt: until then the descriptor is open,
     * though this object may have been closed after the attempt was submitted. See {@link
     * Kernel#attempt}. Not to be closed.
     */
    public Fd lent() {
        requireOpen();
        return new Fd(kernel, name, opener, number);
    }

    /** Returns whether it was opened; false if the error of opening was tolerated. */
    public boolean isOpen() {
        return !closed.get() && (opener == null || opener.result() >= 0);
    }

    /** Returns the error of opening, which was tolerated; empty if it was opened. */
    public Optional<Errno> openError() {
        return opener == null ? Optional.empty() : opener.error();
    }

    /** Returns whether it was not opened because of {@code errno}, which was tolerated. */
    public boolean failedWith(Errno errno) {
        return opener != null && opener.failedWith(errno);
    }

    /** Returns the call that opens it; empty if it was open already. */
    public Optional<Call> opener() {
        return Optional.ofNullable(opener);
    }

    /** Returns the process that it is open in. */
    public Kernel kernel() {
        return kernel;
    }

    /** Returns what was opened, for messages. */
    public String name() {
        return name;
    }

    /** Closes once. Not retried on EINTR: Linux has freed the number by then, see close(2). */
    @Override
    public void close() {
        if (number == AT_FDCWD) {
            return;
        }
        if (!closed.get() && (opener == null || !opener.isDone() || opener.result() >= 0)) {
            // Through a second handle, for the call may be made when this one is long closed.
            Fd last = new Fd(kernel, name, opener, number);
            new Call(kernel, Syscall.CLOSE, name, last).tolerateAll().submit();
        }
        closed.set(true);
    }

    @Override
    public String toString() {
        if (number == AT_FDCWD) {
            return "AT_FDCWD";
        }
        boolean known = opener == null || opener.isDone();
        String shown = known ? Long.toString(opener == null ? number : opener.result()) : "?";
        return shown + "<" + name + ">";
    }
}
