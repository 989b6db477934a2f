// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.util.function.Consumer;

/** Prints each call as strace(1) would, with its result and how long it took. */
public final class TracingKernel implements Kernel {
    private final Kernel inner;
    private final String processName;
    private final Consumer<String> lines;

    /**
     * Traces what {@code inner} does.
     *
     * @param processName the process that makes the calls, the first word of each line
     * @param lines takes the lines
     */
    public TracingKernel(Kernel inner, String processName, Consumer<String> lines) {
        this.inner = inner;
        this.processName = processName;
        this.lines = lines;
    }

    @Override
    public void submit(Call call) {
        if (call.operation() == Syscall.EXECVE || call.operation() == Syscall.EXECVEAT) {
            // On success there is no answer; the caller that expects none reports a failure.
            inner.submit(call);
            lines.accept(processName + "  " + call + " = ?");
            return;
        }
        long before = System.nanoTime();
        try {
            inner.submit(call);
            inner.flush();
        } catch (Failure f) {
            print(call, before);
            throw f;
        }
        print(call, before);
    }

    @Override
    public void flush() {
        inner.flush();
    }

    @Override
    public Kernel bornOf(Call clone, String born) {
        return new TracingKernel(inner.bornOf(clone, born), born, lines);
    }

    @Override
    public void finish() {
        inner.finish();
    }

    @Override
    public void close() {
        inner.close();
    }

    /** Not traced: until {@code meanwhile} is done, no call has a result to show. */
    @Override
    public void finishWhile(Consumer<Kernel> lastCalls, Consumer<Fd> meanwhile) {
        inner.finishWhile(lastCalls, meanwhile);
    }

    /** Not traced: nothing answers. */
    @Override
    public void leave(Consumer<Kernel> lastCalls) {
        inner.leave(lastCalls);
    }

    /** Not traced: what is recorded is not done yet. */
    @Override
    public byte[] record(Consumer<Kernel> calls) {
        return inner.record(calls);
    }

    @Override
    public void assume(String path, int mode, int major, int minor) {
        inner.assume(path, mode, major, minor);
    }

    @Override
    public void attribute(Object origin) {
        inner.attribute(origin);
    }

    @Override
    public Object process() {
        return inner.process();
    }

    private void print(Call call, long before) {
        if (call.operation() == Syscall.CLOSE) {
            return; // descriptors come and go; their closing explains nothing
        }
        long micros = (System.nanoTime() - before) / 1000;
        long result = call.result();
        StringBuilder line = new StringBuilder(processName).append("  ").append(call).append(" = ");
        if (result < 0 && result > -4096) {
            Errno errno = Errno.of((int) -result);
            line.append("-1 ").append(errno).append(" (").append(errno.description()).append(')');
        } else {
            line.append(result);
        }
        lines.accept(line.append(" <").append(micros).append(" µs>").toString());
    }
}
