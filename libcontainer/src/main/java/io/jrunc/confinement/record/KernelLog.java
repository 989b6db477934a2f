// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.record;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The records of the kernel's log, or, where an audit daemon takes them away from there, of its
 * file. Source: dev-kmsg in Documentation/ABI/testing, auditd(8).
 */
final class KernelLog {
    private static final String LOG = "/dev/kmsg";
    private static final String DAEMONS_FILE = "/var/log/audit/audit.log";

    /** CONSOLE_EXT_LOG_MAX: a shorter read fails where a record is longer. */
    private static final int RECORD_BYTES = 8192;

    /** Of the daemon's file the newest part counts. */
    private static final int TAIL_BYTES = 4 << 20;

    /** Facilities are multiples of 8; what others write into the log has one that is not 0. */
    private static final int LEVELS = 8;

    private final Kernel kernel;

    KernelLog(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Returns all that is still known, oldest first. */
    List<AuditRecord> records() {
        List<AuditRecord> records = new ArrayList<>();
        readDaemonsFile(records);
        readLog(records);
        return records;
    }

    private void readLog(List<AuditRecord> records) {
        OpenFlag[] flags = {OpenFlag.RDONLY, OpenFlag.NONBLOCK};
        try (Fd log = kernel.files().open(LOG, flags)) {
            boolean more = true;
            while (more) {
                more = readRecord(log, records);
            }
        } catch (Failure f) {
            if (f.is(Errno.ENOENT) || f.is(Errno.EPERM) || f.is(Errno.EACCES)) {
                throw Failure.of(
                        Failure.Code.NO_LOG,
                        "the kernel's log, which has denied calls, cannot be read: "
                                + f.getMessage()
                                + "; be root, or run jrunc seccomp record --denied -- run",
                        f);
            }
            throw f;
        }
    }

    /** Each read is one record; EPIPE: some were overwritten meanwhile. */
    private boolean readRecord(Fd log, List<AuditRecord> records) {
        String text;
        try {
            text = new String(kernel.files().read(log, RECORD_BYTES), StandardCharsets.UTF_8);
        } catch (Failure f) {
            if (f.is(Errno.EAGAIN)) {
                return false;
            }
            if (f.is(Errno.EPIPE)) {
                return true;
            }
            throw f;
        }
        int comma = text.indexOf(',');
        int semicolon = text.indexOf(';');
        if (comma > 0 && semicolon > 0 && isKernels(text.substring(0, comma))) {
            int end = text.indexOf('\n', semicolon);
            String line = text.substring(semicolon + 1, end < 0 ? text.length() : end);
            AuditRecord.parse(line).ifPresent(records::add);
        }
        return true;
    }

    /** Distinguishes the kernel's records from those that processes write to the log. */
    private static boolean isKernels(String priority) {
        return Integer.parseInt(priority) < LEVELS;
    }

    private void readDaemonsFile(List<AuditRecord> records) {
        Fd here = kernel.files().here();
        try (Fd file = kernel.files().openIfExists(here, DAEMONS_FILE, OpenFlag.RDONLY)) {
            if (!file.isOpen()) {
                return;
            }
            long start = Math.max(0, kernel.files().stat(file).size() - TAIL_BYTES);
            byte[] tail = kernel.files().readAt(file, TAIL_BYTES, start);
            new String(tail, StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> AuditRecord.parse(line).ifPresent(records::add));
        } catch (Failure f) {
            if (!f.is(Errno.EACCES)) {
                throw f;
            }
            // Without permission, the kernel's log is read instead, or its error reported.
        }
    }
}
