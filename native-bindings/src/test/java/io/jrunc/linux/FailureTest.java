// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailureTest {
    @Test
    void systemCallReadsOperationSubjectErrnoHint() {
        Failure failure =
                Failure.syscall("mount_setattr", "/srv", Errno.ENOSYS, "needs Linux 5.12");

        assertEquals("mount_setattr /srv: ENOSYS (needs Linux 5.12)", failure.getMessage());
        assertEquals(Failure.Code.SYSCALL, failure.code());
        assertEquals("/srv", failure.path());
        assertEquals("needs Linux 5.12", failure.hint());
        assertTrue(failure.is(Errno.ENOSYS));
        assertFalse(failure.is(Errno.EPERM));
    }

    @Test
    void withoutSubjectAndHintNothingIsLeftOver() {
        assertEquals("setsid: EPERM", Failure.syscall("setsid", "", Errno.EPERM, "").getMessage());
    }

    @Test
    void levelsThatKnowMorePutItInFrontAndKeepTheRest() {
        Failure inner = Failure.syscall("mount", "/data", Errno.EPERM, "be root");
        Failure outer = inner.during("mount /data").during("create web1");

        assertEquals("create web1: mount /data: mount /data: EPERM (be root)", outer.getMessage());
        assertEquals(Failure.Code.SYSCALL, outer.code());
        assertEquals("/data", outer.path());
        assertEquals(Optional.of(Errno.EPERM), outer.errno());
        assertEquals("be root", outer.hint());
        assertSame(inner, outer.getCause().getCause());
    }

    @Test
    void failuresOfTheCleanUpStayWithTheFirst() {
        Failure first = Failure.of(Failure.Code.HOST, "first");
        Failure second = Failure.of(Failure.Code.HOOK, "second");
        first.addSuppressed(second);

        assertArrayEquals(new Throwable[] {second}, first.during("more").getSuppressed());
    }

    @Test
    void invalidValueNamesFieldProblemAndRemedy() {
        Failure failure =
                Failure.invalid("process.cwd", "\"tmp\" is not absolute", "write \"/tmp\"");

        assertEquals("process.cwd: \"tmp\" is not absolute; write \"/tmp\"", failure.getMessage());
        assertEquals(Failure.Code.INVALID_CONFIG, failure.code());
        assertEquals("process.cwd", failure.path());
        assertEquals("write \"/tmp\"", failure.hint());
        assertEquals(Optional.empty(), failure.errno());
        assertFalse(failure.is(Errno.EINVAL));
    }

    @Test
    void unsupportedFieldHasACodeOfItsOwn() {
        Failure failure = Failure.unsupported("hooks.poststop", "not supported");

        assertEquals("hooks.poststop: not supported", failure.getMessage());
        assertEquals(Failure.Code.UNSUPPORTED, failure.code());
    }

    /** Programs match on them in JSON logs: a word that changes breaks those. */
    @Test
    void wordsOfCodesNeverChange() {
        String expected =
                "breakout capabilities cgroup cgroup-frozen cgroup-not-empty "
                        + "copy criu damaged exec exists hidden-process hook host id-mapping "
                        + "installation internal interrupted invalid-config invalid-id "
                        + "label limit mask mount mount-target not-found not-running "
                        + "no-audit no-bundle no-config no-log oom-killed out-of-memory "
                        + "preserve-fds process-died protocol ps syscall sysctl systemd "
                        + "too-large unsupported untrusted-root usage wrong-state";

        List<String> actual = new ArrayList<>();
        for (Failure.Code code : Failure.Code.values()) {
            actual.add(code.word());
        }

        assertEquals(List.of(expected.split(" ")), actual);
    }
}
