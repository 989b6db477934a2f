// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cli.output.Log;
import io.jrunc.container.Container;
import io.jrunc.kernelaudit.AuditLog;
import io.jrunc.linux.Failure;
import io.jrunc.spec.OciState;

/**
 * What the kernel's audit log is told of containers, if {@code --audit-log} asks for it: otherwise
 * all of this does nothing. That it can be told is made sure of beforehand. If a record is refused
 * all the same, which takes a change of audit at that moment, a warning says so: what it was about
 * has happened.
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

    /** Whether records are wanted. */
    boolean isOn() {
        return audit != null;
    }

    void started(Container container) {
        tell(() -> audit.started(container));
    }

    void startFailed(String id) {
        tell(() -> audit.startFailed(id));
    }

    void startFailed(Container container) {
        tell(() -> audit.startFailed(container));
    }

    void execDenied(Container container, String program, Failure failure) {
        if (AuditLog.isDenial(failure)) {
            tell(() -> audit.execDenied(container, program));
        }
    }

    void stopped(OciState state, int pid, boolean killed) {
        tell(() -> audit.stopped(state, pid, killed));
    }

    private void tell(Runnable record) {
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
