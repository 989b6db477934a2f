// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.seccomp.Architecture;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditRecordTest {
    private static final String FIELDS =
            "audit(1795360343.652:169): auid=4294967295 uid=0 gid=0 ses=4294967295 pid=3025"
                    + " comm=\"mkdir\" exe=\"/bin/busybox\" sig=31 arch=c000003e syscall=83"
                    + " compat=0 ip=0x47b567 code=0x80000000";

    @ParameterizedTest
    @ValueSource(strings = {"audit: type=1326 ", "type=SECCOMP msg="})
    void recordsOfKernelAndDaemonAreRead(String head) {
        AuditRecord record = AuditRecord.parse(head + FIELDS).orElseThrow();

        assertEquals(Instant.parse("2026-11-22T15:12:23.652Z"), record.time());
        assertEquals(3025, record.pid());
        assertEquals("mkdir", record.program());
        assertEquals(Architecture.X86_64, record.call().architecture());
        assertEquals(Optional.of("mkdir"), record.call().name());
        assertEquals(0x8000_0000, record.returned());
    }

    /** A program may be called anything; the kernel then writes digits. */
    @Test
    void nameThatIsEncodedIsRead() {
        String line = "audit: type=1326 " + FIELDS.replace("\"mkdir\"", "782070696431206C");

        assertEquals("x pid1 l", AuditRecord.parse(line).orElseThrow().program());
    }

    @Test
    void callOfX32IsReported() {
        String line = "audit: type=1326 " + FIELDS.replace("syscall=83", "syscall=1073741863");

        assertEquals(Architecture.X32, AuditRecord.parse(line).orElseThrow().call().architecture());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "audit: type=1326 ",
                "audit: type=1326 audit(",
                "audit: type=1326 audit(1:2): pid=1",
                "audit: type=1326 audit(x.y:169): pid=1 comm=\"a\" arch=c000003e syscall=1 code=0x0",
                "audit: type=1326 audit(1.1:1): pid=1 comm=\"a\" arch=ffffffff syscall=1 code=0x0",
                "audit: type=1300 audit(1.1:1): pid=1 comm=\"a\" arch=c000003e syscall=1 code=0x0",
                "audit: type=1326 audit(1.1:1): pid=1 comm=zz arch=c000003e syscall=1 code=0x0",
            })
    void invalidRecordIsSkipped(String line) {
        assertEquals(Optional.empty(), AuditRecord.parse(line));
    }
}
