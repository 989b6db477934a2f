// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.record;

import io.jrunc.seccomp.recording.ObservedCall;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * What the kernel's audit says of a call that a filter did not simply allow: a record of type 1326,
 * AUDIT_SECCOMP. It has no arguments. Source: kernel/auditsc.c (audit_seccomp), linux/audit.h.
 *
 * <pre>
 *   audit: type=1326 audit(1795360343.652:169): auid=4294967295 uid=0 … pid=3025 comm="mkdir"
 *          exe="/bin/busybox" sig=31 arch=c000003e syscall=83 compat=0 ip=0x47b567 code=0x80000000
 * </pre>
 *
 * @param pid of the process, as the host sees it
 * @param returned what the filter returned, without its data: {@code SECCOMP_RET_*}
 */
record AuditRecord(Instant time, int pid, String program, ObservedCall call, int returned) {
    private static final String IN_KERNEL_LOG = "audit: type=1326 ";
    private static final String IN_AUDIT_LOG = "type=SECCOMP msg=";
    private static final String TIME = "audit(";
    private static final int HEX = 16;
    private static final int MILLIS = 3;

    /** Reads a line of the kernel's log, or of the audit daemon's; empty if it is another. */
    static Optional<AuditRecord> parse(String line) {
        int start = line.startsWith(IN_KERNEL_LOG) ? IN_KERNEL_LOG.length() : IN_AUDIT_LOG.length();
        boolean ours = line.startsWith(IN_KERNEL_LOG) || line.startsWith(IN_AUDIT_LOG);
        if (!ours || !line.startsWith(TIME, start)) {
            return Optional.empty();
        }
        try {
            int colon = line.indexOf(':', start + TIME.length());
            String seconds = line.substring(start + TIME.length(), colon);
            Map<String, String> fields = fields(line.substring(line.indexOf(' ', colon) + 1));
            return ObservedCall.of(
                            Integer.parseUnsignedInt(field(fields, "arch"), HEX),
                            Integer.parseInt(field(fields, "syscall")),
                            List.of())
                    .map(
                            call ->
                                    new AuditRecord(
                                            time(seconds),
                                            Integer.parseInt(field(fields, "pid")),
                                            text(field(fields, "comm")),
                                            call,
                                            code(field(fields, "code"))));
        } catch (RuntimeException e) {
            // A record that was cut off, or of a kernel that writes it otherwise.
            return Optional.empty();
        }
    }

    /** No value has a blank: what a program could choose is encoded if it has one. */
    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String field : text.split(" ", -1)) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.putIfAbsent(field.substring(0, equals), field.substring(equals + 1));
            }
        }
        return fields;
    }

    /** Returns the value; {@link NoSuchElementException} if it is missing. */
    private static String field(Map<String, String> fields, String name) {
        return Optional.ofNullable(fields.get(name)).orElseThrow();
    }

    private static Instant time(String seconds) {
        return Instant.ofEpochMilli(
                new BigDecimal(seconds).movePointRight(MILLIS).longValueExact());
    }

    private static int code(String hex) {
        return Integer.parseUnsignedInt(hex.substring("0x".length()), HEX);
    }

    /** In quotes as it is, else in hexadecimal digits: audit_log_untrustedstring(). */
    private static String text(String value) {
        return value.startsWith("\"")
                ? value.substring(1, value.length() - 1)
                : new String(HexFormat.of().parseHex(value), StandardCharsets.UTF_8);
    }
}
