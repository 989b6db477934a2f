// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

/** The {@code CLONE_*} bits of clone3(2), unshare(2) and setns(2), as in linux/sched.h. */
public enum CloneFlag implements Flag {
    NEWTIME(0x80L),
    PARENT(0x8000L),
    NEWNS(0x20000L),
    NEWCGROUP(0x2000000L),
    NEWUTS(0x4000000L),
    NEWIPC(0x8000000L),
    NEWUSER(0x10000000L),
    NEWPID(0x20000000L),
    NEWNET(0x40000000L),
    INTO_CGROUP(0x200000000L);

    private final long bit;

    CloneFlag(long bit) {
        this.bit = bit;
    }

    @Override
    public long bit() {
        return bit;
    }

    @Override
    public String constant() {
        return "CLONE_" + name();
    }
}
