// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.process.Notifications.Question;
import java.util.Optional;

/**
 * The descriptor through which a seccomp filter notifies of calls. It is used here only to stop a
 * process until the listener has the descriptor. seccomp_unotify(2).
 */
final class SeccompListener implements AutoCloseable {
    private static final long SECCOMP_IOCTL_NOTIF_ADDFD = 0x4018_2103L;
    private static final int SECCOMP_ADDFD_FLAG_SETFD = 1;
    private static final int O_CLOEXEC = 02000000;
    private static final int ADDFD_BYTES = 24;
    private static final int PAUSE_MILLIS = 1;
    private static final int PATIENCE_MILLIS = 10_000;

    private final Kernel kernel;
    private final Fd descriptor;
    private final Notifications notifications;

    private SeccompListener(Kernel kernel, Fd descriptor) {
        this.kernel = kernel;
        this.descriptor = descriptor;
        this.notifications = new Notifications(kernel, descriptor);
    }

    /**
     * Waits until the process has loaded its filter, and gets the listener from it.
     *
     * @param number the descriptor's number in the process
     * @param control the socket on which the process reports a failure
     * @return empty if it did not come that far
     */
    static Optional<SeccompListener> of(Kernel kernel, Fd pidfd, int number, Fd control) {
        while (true) {
            Fd descriptor = kernel.processes().descriptorOf(pidfd, number, "seccomp listener");
            if (descriptor.isOpen()) {
                return Optional.of(new SeccompListener(kernel, descriptor));
            }
            if (kernel.processes().awaitReadable(control, PAUSE_MILLIS)) {
                return Optional.empty();
            }
        }
    }

    /** Returns the descriptor; it stays this object's. */
    Fd descriptor() {
        return descriptor;
    }

    /** Waits for a call of the process that the filter notifies of; empty if it is gone. */
    Optional<Question> awaitCall() {
        if (!kernel.processes().awaitReadable(descriptor, PATIENCE_MILLIS)) {
            throw Failure.of(
                    Failure.Code.PROCESS_DIED,
                    "init loaded its seccomp filter and went no further");
        }
        return notifications.receive();
    }

    /**
     * Replaces the copy of the process that makes the call by a useless descriptor. Otherwise the
     * process would wait for ever for a listener that has died.
     */
    void takeFrom(Question call, int number) {
        try (Fd useless = kernel.sockets().unixStream("nothing")) {
            Arg.Struct added = Arg.struct(ADDFD_BYTES, "{newfd=" + number + "}");
            added.putLong(0, call.id()).putInt(8, SECCOMP_ADDFD_FLAG_SETFD).putFd(12, useless);
            added.putInt(16, number).putInt(20, O_CLOEXEC);
            // ENOENT, the process was killed meanwhile, is an answer.
            kernel.descriptors()
                    .ioctl(
                            descriptor,
                            "SECCOMP_IOCTL_NOTIF_ADDFD",
                            SECCOMP_IOCTL_NOTIF_ADDFD,
                            added)
                    .tolerate(Errno.ENOENT)
                    .submit()
                    .result();
        }
    }

    /** Answers the call: 0. */
    void letGoOn(Question call) {
        notifications.refuse(call, 0);
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
