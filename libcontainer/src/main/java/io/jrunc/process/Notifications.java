// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The questions of a seccomp filter, and their answers, over the descriptor of its listener.
 * seccomp_unotify(2).
 *
 * <pre>
 *   struct seccomp_notif        0    8     12      16       20     24     32
 *                               | id | pid | flags | number | arch | ip   | six arguments |
 *   struct seccomp_notif_resp   0    8       16      20      24
 *                               | id | value | error | flags |
 * </pre>
 */
public final class Notifications {
    private static final long SECCOMP_IOCTL_NOTIF_RECV = 0xc050_2100L;
    private static final long SECCOMP_IOCTL_NOTIF_SEND = 0xc018_2101L;
    private static final long SECCOMP_IOCTL_NOTIF_ID_VALID = 0x4008_2102L;
    private static final long SECCOMP_IOCTL_NOTIF_SET_FLAGS = 0x4008_2104L;
    private static final int SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP = 1;
    private static final int SECCOMP_USER_NOTIF_FLAG_CONTINUE = 1;
    private static final int NOTIFICATION_BYTES = 80;
    private static final int RESPONSE_BYTES = 24;
    private static final int ARGUMENTS = 6;

    private final Kernel kernel;
    private final Fd descriptor;

    /** Talks over {@code descriptor}, which is borrowed. */
    public Notifications(Kernel kernel, Fd descriptor) {
        this.kernel = kernel;
        this.descriptor = descriptor;
    }

    /**
     * A call that waits for an answer.
     *
     * @param thread the calling thread's id in this process's pid namespace
     */
    public record Question(long id, int thread, int auditArch, int number, List<Long> arguments) {}

    /**
     * Makes the kernel run the answered thread at once, on this processor: no other processor has
     * to wake up for each call. EINVAL: before Linux 6.6 it cannot.
     */
    public void preferHandOver() {
        Arg flags = Arg.of(SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
        kernel.descriptors()
                .ioctl(
                        descriptor,
                        "SECCOMP_IOCTL_NOTIF_SET_FLAGS",
                        SECCOMP_IOCTL_NOTIF_SET_FLAGS,
                        flags)
                .tolerate(Errno.EINVAL)
                .submit();
    }

    /**
     * Takes the next question; waits if there is none. Empty: the calling thread was killed
     * meanwhile; further questions may follow.
     */
    public Optional<Question> receive() {
        Arg.Out notification = Arg.out(NOTIFICATION_BYTES);
        Call receive = ioctl("SECCOMP_IOCTL_NOTIF_RECV", SECCOMP_IOCTL_NOTIF_RECV, notification);
        if (receive.error().isPresent()) {
            return Optional.empty();
        }
        ByteBuffer fields = notification.buffer();
        List<Long> arguments = new ArrayList<>(ARGUMENTS);
        for (int i = 0; i < ARGUMENTS; i++) {
            arguments.add(fields.getLong(32 + Long.BYTES * i));
        }
        return Optional.of(
                new Question(
                        fields.getLong(0),
                        fields.getInt(8),
                        fields.getInt(20),
                        fields.getInt(16),
                        arguments));
    }

    /** Has the kernel make the call. */
    public void letPass(Question question) {
        send(question.id(), 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE, "{CONTINUE}");
    }

    /** Has the call fail; an error of 0 has it succeed without being made. */
    public void refuse(Question question, int errno) {
        send(question.id(), -errno, 0, "{error=" + -errno + "}");
    }

    /** Returns whether the thread still waits for the answer: then its id is its own. */
    public boolean isAsked(Question question) {
        Arg id = Arg.struct(Long.BYTES, "{id}").putLong(0, question.id());
        return ioctl("SECCOMP_IOCTL_NOTIF_ID_VALID", SECCOMP_IOCTL_NOTIF_ID_VALID, id)
                .error()
                .isEmpty();
    }

    private void send(long id, int error, int flags, String shown) {
        Arg response =
                Arg.struct(RESPONSE_BYTES, shown)
                        .putLong(0, id)
                        .putInt(16, error)
                        .putInt(20, flags);
        ioctl("SECCOMP_IOCTL_NOTIF_SEND", SECCOMP_IOCTL_NOTIF_SEND, response).result();
    }

    /** ENOENT, the thread was killed or interrupted meanwhile, is an answer. */
    private Call ioctl(String name, long request, Arg argument) {
        return kernel.descriptors()
                .ioctl(descriptor, name, request, argument)
                .tolerate(Errno.ENOENT)
                .submit();
    }
}
