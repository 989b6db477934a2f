// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** System calls that wait for events. epoll(7), eventfd(2), inotify(7). */
public final class Events {
    private static final int EPOLL_CLOEXEC = 02000000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLLIN = 1;
    private static final int EPOLLOUT = 4;
    private static final int MAX_EVENTS = 16;
    private static final int SIGSET_BYTES = 8;
    private static final int EFD_NONBLOCK_CLOEXEC = 02004000;
    private static final int IN_NONBLOCK_CLOEXEC = 02004000;
    private static final int IN_MODIFY = 2;
    private static final int INOTIFY_BYTES = 4096;

    /** {@code struct epoll_event} is packed on x86-64 alone. */
    private static final int EVENT_BYTES = Machine.ARM64 ? 16 : 12;

    private static final int EVENT_DATA = EVENT_BYTES - 8;

    private final Kernel kernel;

    Events(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Something that waits for many descriptors, and can be waited for itself. epoll_create1(2).
     */
    public Fd epoll(String name) {
        return opened(call(Syscall.EPOLL_CREATE1, name, Arg.of(EPOLL_CLOEXEC)), name);
    }

    /**
     * Adds {@code fd} to {@code epoll}: an event for input, or when its other end is closed.
     * epoll_ctl(2).
     *
     * @param tag identifies it in the result of {@link #await}
     */
    public void awaitInput(Fd epoll, Fd fd, long tag) {
        add(epoll, fd, EPOLLIN, tag).result();
    }

    /**
     * Adds {@code fd} to {@code epoll}: an event when it can be written to without waiting, or when
     * its other end is closed. epoll_ctl(2).
     *
     * @param tag identifies it in the result of {@link #await}
     */
    public void awaitOutput(Fd epoll, Fd fd, long tag) {
        add(epoll, fd, EPOLLOUT, tag).result();
    }

    /**
     * Adds {@code fd} to {@code epoll}: an event when its other end is closed. A file has no other
     * end, EPERM: it is not added. epoll_ctl(2).
     */
    public void awaitHangup(Fd epoll, Fd fd, long tag) {
        add(epoll, fd, 0, tag).result();
    }

    /**
     * Has {@code epoll} wait for {@code fd} no longer. To close it is not enough if another process
     * has it as well. epoll_ctl(2).
     */
    public void forget(Fd epoll, Fd fd) {
        call(Syscall.EPOLL_CTL, fd.name(), epoll, Arg.of(EPOLL_CTL_DEL), fd, Arg.NULL).submit();
    }

    private Call add(Fd epoll, Fd fd, int events, long tag) {
        Arg event =
                Arg.struct(EVENT_BYTES, "{events=" + events + ", data=" + tag + "}")
                        .putInt(0, events)
                        .putLong(EVENT_DATA, tag);
        return call(Syscall.EPOLL_CTL, fd.name(), epoll, Arg.of(EPOLL_CTL_ADD), fd, event)
                .tolerate(Errno.EPERM)
                .submit();
    }

    /**
     * What has happened to a descriptor.
     *
     * @param tag the one it was added with
     * @param input whether there is input; if not, its other end is closed
     */
    public record Ready(long tag, boolean input) {}

    /**
     * Waits until something has happened, and returns the tags of what has; none if the time is
     * over. epoll_pwait(2).
     *
     * @param millis how long at most; -1: as long as it takes
     */
    public List<Long> await(Fd epoll, int millis) {
        List<Long> tags = new ArrayList<>();
        awaitReady(epoll, millis).forEach(ready -> tags.add(ready.tag()));
        return tags;
    }

    /** As {@link #await}, with what has happened. */
    public List<Ready> awaitReady(Fd epoll, int millis) {
        Arg.Out out = Arg.out(MAX_EVENTS * EVENT_BYTES);
        Arg[] args = {
            epoll, out, Arg.of(MAX_EVENTS), Arg.of(millis), Arg.NULL, Arg.of(SIGSET_BYTES)
        };
        int count = (int) call(Syscall.EPOLL_PWAIT, epoll.name(), args).submit().result();
        ByteBuffer events = out.buffer();
        List<Ready> ready = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            boolean input = (events.getInt(i * EVENT_BYTES) & EPOLLIN) != 0;
            ready.add(new Ready(events.getLong(i * EVENT_BYTES + EVENT_DATA), input));
        }
        return ready;
    }

    /** Returns a counter that the kernel adds to. eventfd(2). */
    public Fd counter(String name) {
        Arg flags = Arg.of(EFD_NONBLOCK_CLOEXEC);
        return opened(call(Syscall.EVENTFD2, name, Arg.of(0), flags), name);
    }

    /** Adds one to the counter. write(2). */
    public void add(Fd counter) {
        Arg one = Arg.struct(8, "1").putLong(0, 1);
        call(Syscall.WRITE, counter.name(), counter, one, Arg.of(8))
                .tolerate(Errno.EAGAIN)
                .submit();
    }

    /** What was added to the counter since it was last asked. read(2). */
    public long take(Fd counter) {
        Arg.Out out = Arg.out(8);
        Call read = call(Syscall.READ, counter.name(), counter, out, Arg.of(8));
        read.tolerate(Errno.EAGAIN).submit();
        return read.result() < 0 ? 0 : out.buffer().getLong(0);
    }

    /** Creates a descriptor for events about files. inotify_init1(2). */
    public Fd inotify(String name) {
        return opened(call(Syscall.INOTIFY_INIT1, name, Arg.of(IN_NONBLOCK_CLOEXEC)), name);
    }

    /** Requests events when the file's content changes. inotify_add_watch(2). */
    public void watchContent(Fd inotify, String path) {
        Arg mask = Arg.of(IN_MODIFY);
        call(Syscall.INOTIFY_ADD_WATCH, path, inotify, Arg.text(path), mask).submit().result();
    }

    /** Discards pending events, so that the next wait needs a new one. read(2). */
    public void discard(Fd inotify) {
        Call read;
        do {
            Arg.Out out = Arg.out(INOTIFY_BYTES);
            read = call(Syscall.READ, inotify.name(), inotify, out, Arg.of(INOTIFY_BYTES));
            read.tolerate(Errno.EAGAIN).submit();
        } while (read.result() > 0);
    }

    private Fd opened(Call call, String name) {
        return Fd.openedBy(call.submit(), kernel, name);
    }

    private Call call(Syscall syscall, String subject, Arg... args) {
        return new Call(kernel, syscall, subject, args);
    }
}
