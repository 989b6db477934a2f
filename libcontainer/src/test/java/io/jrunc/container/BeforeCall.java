// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container;

import io.jrunc.linux.Call;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Syscall;

/** Makes the calls of {@code kernel}; something happens right before those of one kind. */
public record BeforeCall(Kernel kernel, Syscall awaited, Runnable event) implements Kernel {
    @Override
    public void submit(Call call) {
        if (call.operation() == awaited) {
            event.run();
        }
        kernel.submit(call);
    }

    @Override
    public void flush() {
        kernel.flush();
    }

    @Override
    public Kernel bornOf(Call clone, String processName) {
        return kernel.bornOf(clone, processName);
    }

    @Override
    public void finish() {
        kernel.finish();
    }

    @Override
    public void close() {
        kernel.close();
    }
}
