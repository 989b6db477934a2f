// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

/** The layouts that sched_setattr(2) and its like take. */
class SchedulingTest {
    private final DryRunKernel kernel = new DryRunKernel("test", line -> {});

    private static ByteBuffer struct(Call call, int argument) {
        return ByteBuffer.wrap(((Arg.Struct) call.args()[argument]).bytes())
                .order(ByteOrder.nativeOrder());
    }

    @Test
    void attributesAreLaidOutAsStructSchedAttr() {
        Call call =
                kernel.scheduling()
                        .setAttributes(
                                7,
                                "SCHED_DEADLINE",
                                new Scheduling.Attributes(6, 1, -2, 3, 4, 5, 6));

        ByteBuffer attr = struct(call, 1);
        assertEquals(56, attr.capacity());
        assertEquals(56, attr.getInt());
        assertEquals(6, attr.getInt());
        assertEquals(1, attr.getLong());
        assertEquals(-2, attr.getInt());
        assertEquals(3, attr.getInt());
        assertEquals(4, attr.getLong());
        assertEquals(5, attr.getLong());
        assertEquals(6, attr.getLong());
        assertEquals(
                "sched_setattr(7, {sched_policy=SCHED_DEADLINE, sched_flags=1, sched_nice=-2,"
                        + " sched_priority=3, sched_runtime=4, sched_deadline=5, sched_period=6},"
                        + " 0)",
                call.toString());
    }

    @Test
    void ioPriorityIsClassAndLevel() {
        Call call = kernel.scheduling().setIoPriority(7, 2, "IOPRIO_CLASS_BE", 5);

        assertEquals("ioprio_set(1, 7, " + (2 << 13 | 5) + ")", call.toString());
    }

    /** See BUGS in set_mempolicy(2). */
    @Test
    void nodesAreCountedWithOneMoreThanThereAre() {
        BitSet nodes = new BitSet();
        nodes.set(0);
        nodes.set(63);
        Call one = kernel.scheduling().setMemoryPolicy(2, "MPOL_BIND", nodes);
        nodes.set(64);
        Call two = kernel.scheduling().setMemoryPolicy(2, "MPOL_BIND", nodes);

        assertEquals("set_mempolicy(2, {0, 63}, 65)", one.toString());
        assertEquals(Long.MIN_VALUE | 1, struct(one, 1).getLong());
        assertEquals("set_mempolicy(2, {0, 63, 64}, 129)", two.toString());
        assertEquals(1, struct(two, 1).getLong(8));
    }

    @Test
    void noNodesAreNoMask() {
        Call call = kernel.scheduling().setMemoryPolicy(4, "MPOL_LOCAL", new BitSet());

        assertEquals("set_mempolicy(4, 0, 0)", call.toString());
    }

    @Test
    void allCpusAreMoreThanAnyKernelHas() {
        Call call = kernel.scheduling().setAffinityToAll();

        byte[] mask = ((Arg.Data) call.args()[2]).bytes();
        byte[] ones = new byte[1024];
        java.util.Arrays.fill(ones, (byte) 0xff);
        assertArrayEquals(ones, mask);
    }

    @Test
    void eachErrorHasItsOwnHint() {
        Call call =
                new Call(kernel, Syscall.GETPID, "x")
                        .hint(Errno.EPERM, "ask")
                        .hint(Errno.EBUSY, "wait");

        assertEquals("getpid x: EPERM (ask)", call.failure(-1).getMessage());
        assertEquals("getpid x: EBUSY (wait)", call.failure(-16).getMessage());
        assertEquals("getpid x: ENOENT", call.failure(-2).getMessage());
    }
}
