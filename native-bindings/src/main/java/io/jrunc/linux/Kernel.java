package io.jrunc.linux;

/**
 * Makes system calls: in this process, in a process on the container's side, or only on paper. Code
 * that sets up a container takes a {@code Kernel} and does not know where it runs.
 *
 * <p>A call may be deferred until its result is asked for or {@link #flush} is called, so that
 * calls which do not need Java's attention travel together. A deferred failure is thrown by
 * whatever made the kernel catch up; its message names the call that failed. Calls that depend on a
 * descriptor whose opening failed, tolerated, are passed over with ECANCELED.
 */
public interface Kernel {
    /** Makes the call, now or later, after all that were submitted before. */
    void submit(Call call);

    /** Makes all submitted calls. Throws the {@link Failure} of the first that failed. */
    void flush();

    /**
     * The kernel of the process that {@code clone}, a call of {@link ChildOp#CLONE}, created.
     *
     * @param processName what the process is, for messages: {@code init}
     */
    Kernel bornOf(Call clone, String processName);

    /**
     * Makes the submitted calls, the last of which turns the process into another program, and ends
     * the conversation. Throws the {@link Failure} of the call that went wrong.
     */
    void finish();

    /**
     * Ends the conversation: the process carries out its cleanup batch, if it has one, and exits.
     */
    void close();

    /** The kernel that really makes the calls, below what traces them. */
    default Kernel origin() {
        return this;
    }

    /** Files and directories. */
    default Files files() {
        return new Files(this);
    }

    /** Copying files. */
    default Copies copies() {
        return new Copies(this);
    }

    /** Mounts. */
    default Mounts mounts() {
        return new Mounts(this);
    }

    /** Processes and namespaces. */
    default Processes processes() {
        return new Processes(this);
    }

    /** Waiting for what happens. */
    default Events events() {
        return new Events(this);
    }

    /** When and where processes run. */
    default Scheduling scheduling() {
        return new Scheduling(this);
    }

    /** Who a process is and what it may do. */
    default Credentials credentials() {
        return new Credentials(this);
    }

    /** Sockets. */
    default Sockets sockets() {
        return new Sockets(this);
    }

    /** eBPF programs. */
    default Bpf bpf() {
        return new Bpf(this);
    }
}
