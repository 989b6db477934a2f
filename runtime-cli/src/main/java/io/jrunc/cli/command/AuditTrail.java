// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cli.output.Log;
import io.jrunc.container.Container;
import io.jrunc.kernelaudit.AuditLog;
import io.jrunc.linux.Failure;
import io.jrunc.spec.OciState;

/**
 * Writes records about containers to the kernel's audit log if {@code --audit-log} is given, and
 * does nothing otherwise. Whether audit accepts records is checked beforehand. If it refuses one
 * all the same, because audit changed meanwhile, a warning says so: the recorded event has
 * happened.
 */
final class AuditTrail implements AutoCloseable {
    private final Log log;
    private final AuditLog audit;

    private AuditTrail(Log log, AuditLog audit) {
        this.log = log;
        this.audit = audit;
    }

    /** Makes sure that the audit log takes records, if it is to have any. */
    static AuditTrail of(Context context) {
        boolean wanted = context.options().auditLog();
        return new AuditTrail(context.log(), wanted ? AuditLog.open(context.kernel()) : null);
    }

    /** Returns whether records are wanted. */
    boolean isOn() {
        return audit != null;
    }

    void started(Container container) {
        record(() -> audit.started(container));
    }

    void startFailed(String id) {
        record(() -> audit.startFailed(id));
    }

    void startFailed(Container container) {
        record(() -> audit.startFailed(container));
    }

    void execDenied(Container container, String program, Failure failure) {
        if (AuditLog.isDenial(failure)) {
            record(() -> audit.execDenied(container, program));
        }
    }

    void stopped(OciState state, int pid, boolean killed) {
        record(() -> audit.stopped(state, pid, killed));
    }

    private void record(Runnable record) {
        if (audit == null) {
            return;
        }
        try {
            record.run();
        } catch (Failure f) {
            log.warn("not in the audit log: " + f.getMessage() + ", ignoring");
        }
    }

    @Override
    public void close() {
        if (audit != null) {
            audit.close();
        }
    }
}
