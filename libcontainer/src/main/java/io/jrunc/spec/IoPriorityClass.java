// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

/** {@code IOPRIO_CLASS_*}. Source: ioprio_set(2), linux/ioprio.h. */
public enum IoPriorityClass implements SpecWord {
    RT(1),
    BE(2),
    IDLE(3);

    private final int number;

    IoPriorityClass(int number) {
        this.number = number;
    }

    @Override
    public String specName() {
        return "IOPRIO_CLASS_" + name();
    }

    /** Returns the number for ioprio_set(2). */
    public int number() {
        return number;
    }
}
