// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

/**
 * {@code process.ioPriority}. Source: runtime-spec config.md#linux-process, ioprio_set(2).
 *
 * @param ioClass the field {@code class}
 * @param priority 0 (first) to 7 (last) within the class; absent is 0
 */
public record IoPriority(IoPriorityClass ioClass, int priority) {
    public static final int MAX = 7;

    public IoPriority {
        Ranges.check("process.ioPriority.priority", priority, 0, MAX);
    }
}
