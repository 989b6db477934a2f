// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.util.function.Consumer;

/**
 * Makes system calls: in this process, in a process on the container's side, or as a dry run. Code
 * that sets up a container takes a {@code Kernel} and does not know where it runs.
 *
 * <p>A call may be deferred until its result is asked for or {@link #flush} is called, so that
 * calls whose results Java does not need travel together. A deferred failure is thrown by the
 * method that flushed; its message names the call that failed. Calls that depend on a descriptor
 * whose opening failed, tolerated, are skipped with ECANCELED.
 */
public interface Kernel {
    /** Of kernels that make the calls in this process. */
    String NO_CONVERSATION = "there is no conversation with this process";

    /** Makes the call, now or later, after all that were submitted before. */
    void submit(Call call);

    /** Makes all submitted calls. Throws the {@link Failure} of the first that failed. */
    void flush();

    /**
     * Submits {@code calls}, none of which may wait for a result. If one of them fails, those after
     * it are not made, except that what is open is closed; {@code otherwise} receives the failure
     * and does something in their place, or throws what explains it. Only then are calls made that
     * were submitted later.
     */
    default void attempt(Runnable calls, Consumer<Failure> otherwise) {
        try {
            calls.run();
        } catch (Failure f) {
            otherwise.accept(f);
        }
    }

    /**
     * Runs {@code decision} as soon as all calls that were submitted so far have been made, perhaps
     * after later ones: it may look at results without a wait.
     */
    default void then(Runnable decision) {
        flush();
        decision.run();
    }

    /**
     * Notes what the calls from here on are made for. The failure of one that was deferred has it
     * as its {@link Failure#origin}.
     */
    default void attribute(Object origin) {}

    /**
     * Returns the kernel of the process that {@code clone}, a call of {@link ChildOp#CLONE},
     * created.
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
     * As {@link #finish} after {@code lastCalls}, which may have to wait for what {@code meanwhile}
     * does. A listener of a seccomp filter is connected so.
     *
     * @param meanwhile receives the conversation's descriptor, which becomes readable if a call
     *     fails or the process ends
     */
    default void finishWhile(Consumer<Kernel> lastCalls, Consumer<Fd> meanwhile) {
        throw new IllegalStateException(NO_CONVERSATION);
    }

    /**
     * Has the process make {@code lastCalls} and ends the conversation at once: their results are
     * not known here.
     */
    default void leave(Consumer<Kernel> lastCalls) {
        throw new IllegalStateException(NO_CONVERSATION);
    }

    /**
     * Encodes {@code calls} instead of making them, so that they can be made by this process in a
     * later conversation. None may depend on the result of another or carry a descriptor of this
     * process.
     */
    default byte[] record(Consumer<Kernel> calls) {
        throw new IllegalStateException(NO_CONVERSATION);
    }

    /**
     * Ends the conversation: the process carries out its cleanup batch, if it has one, and exits.
     */
    void close();

    /**
     * Identifies the process that makes the calls: the same object for a kernel and the kernel that
     * traces it, so that a descriptor's owner can be recognised.
     */
    default Object process() {
        return this;
    }

    /**
     * For a dry run: what {@code path} is if all goes well, a device of the host. Other kernels
     * look for themselves.
     *
     * @param mode with the type bits
     */
    default void assume(String path, int mode, int major, int minor) {}

    /** Files: what is in them and known of them. */
    default Files files() {
        return new Files(this);
    }

    /** The names in directories. */
    default Directories directories() {
        return new Directories(this);
    }

    /** What is open. */
    default Descriptors descriptors() {
        return new Descriptors(this);
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

    /** Returns the calls about ids and rights of a process. */
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
