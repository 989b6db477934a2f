// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.output;

import io.jrunc.container.model.CreateOptions;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.TracingKernel;
import io.jrunc.setup.Step;

/** Logs each step with the time it took, and each system call with its result. */
public final class DebugWatcher implements CreateOptions.Watcher {
    private final Log log;

    public DebugWatcher(Log log) {
        this.log = log;
    }

    @Override
    public Kernel watch(Kernel kernel, String processName) {
        return new TracingKernel(kernel, processName, log::debug);
    }

    @Override
    public void before(Step step) {
        log.debug(step.actor().word() + ": " + step.title() + " (" + step.field() + ")");
    }

    @Override
    public void after(Step step, long micros) {
        log.debug(step.title() + ": done in " + micros + " µs");
    }
}
