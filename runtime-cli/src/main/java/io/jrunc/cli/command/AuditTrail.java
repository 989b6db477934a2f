// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cli.output.Log;
import io.jrunc.container.Container;
import io.jrunc.kernelaudit.AuditLog;
import io.jrunc.linux.Failure;
import io.jrunc.spec.OciState;
import io.jrunc.spec.Resources;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes records about containers to the kernel's audit log if {@code --audit-log} is given, and
 * does nothing otherwise. Whether audit accepts records is checked beforehand. If it refuses one
 * all the same, because audit changed meanwhile, a warning says so: the recorded event has
 * happened.
 */
final class AuditTrail implements AutoCloseable {
    private final Log log;
    private final Optional<AuditLog> audit;

    private AuditTrail(Log log, Optional<AuditLog> audit) {
        this.log = log;
        this.audit = audit;
    }

    /** Makes sure that the audit log takes records, if it is to have any. */
    static AuditTrail of(Context context) {
        Optional<AuditLog> audit =
                context.options().auditLog()
                        ? Optional.of(AuditLog.open(context.kernel()))
                        : Optional.empty();
        return new AuditTrail(context.log(), audit);
    }

    /** Returns whether records are wanted. */
    boolean isOn() {
        return audit.isPresent();
    }

    void started(Container container) {
        record(to -> to.started(container));
    }

    void startFailed(String id) {
        record(to -> to.startFailed(id));
    }

    void startFailed(Container container) {
        record(to -> to.startFailed(container));
    }

    void execDenied(Container container, String program, Failure failure) {
        if (AuditLog.isDenial(failure)) {
            record(to -> to.execDenied(container, program));
        }
    }

    /** Records the change, or that it failed; before it, {@code wanted} is what it is to be. */
    void updated(Container container, Resources before, Resources wanted, boolean success) {
        record(to -> to.updated(container, before, wanted, success));
    }

    void stopped(OciState state, int pid, boolean killed) {
        record(to -> to.stopped(state, pid, killed));
    }

    private void record(Consumer<AuditLog> record) {
        if (audit.isEmpty()) {
            return;
        }
        try {
            record.accept(audit.get());
        } catch (Failure f) {
            log.warn("not in the audit log: " + f.getMessage() + ", ignoring");
        }
    }

    @Override
    public void close() {
        if (audit.isPresent()) {
            audit.get().close();
        }
    }
}
