package io.jrunc.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FailureTest {
    @Test
    void systemCallReadsOperationSubjectErrnoHint() {
        Failure failure =
                Failure.syscall("mount_setattr", "/srv", Errno.ENOSYS, "needs Linux 5.12");

        assertEquals("mount_setattr /srv: ENOSYS (needs Linux 5.12)", failure.getMessage());
        assertEquals("syscall", failure.code());
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
        assertEquals("syscall", outer.code());
        assertEquals("/data", outer.path());
        assertEquals(Errno.EPERM, outer.errno());
        assertEquals("be root", outer.hint());
        assertSame(inner, outer.getCause().getCause());
    }

    @Test
    void failuresOfTheCleanUpStayWithTheFirst() {
        Failure first = Failure.of("a", "first");
        Failure second = Failure.of("b", "second");
        first.addSuppressed(second);

        assertArrayEquals(new Throwable[] {second}, first.during("more").getSuppressed());
    }

    @Test
    void invalidValueNamesFieldProblemAndRemedy() {
        Failure failure =
                Failure.invalid("process.cwd", "\"tmp\" is not absolute", "write \"/tmp\"");

        assertEquals("process.cwd: \"tmp\" is not absolute; write \"/tmp\"", failure.getMessage());
        assertEquals("invalid-config", failure.code());
        assertEquals("process.cwd", failure.path());
        assertEquals("write \"/tmp\"", failure.hint());
        assertNull(failure.errno());
        assertFalse(failure.is(Errno.EINVAL));
    }

    @Test
    void unsupportedFieldHasACodeOfItsOwn() {
        Failure failure = Failure.unsupported("hooks.poststop", "not supported");

        assertEquals("hooks.poststop: not supported", failure.getMessage());
        assertEquals("unsupported", failure.code());
    }
}
