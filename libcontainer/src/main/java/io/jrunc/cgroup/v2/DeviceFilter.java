// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.cgroup.file.DefaultDeviceRules;
import io.jrunc.linux.Bpf;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.spec.DeviceRule;
import java.util.ArrayList;
import java.util.List;

/** {@code linux.resources.devices} on v2, which has no files for them but runs a program. */
public final class DeviceFilter {
    private DeviceFilter() {}

    /** Puts the rules, and those that every container has after them, in force. */
    public static void apply(Kernel kernel, CgroupDir dir, List<DeviceRule> rules) {
        try (Fd program = load(kernel, rules)) {
            kernel.bpf().attachDeviceProgram(dir.descriptor(), program);
        }
    }

    /**
     * Replaces the rules while processes run. A single program is replaced atomically; if other
     * processes have attached more, the old ones are detached after the new one is attached.
     */
    public static void update(Kernel kernel, CgroupDir dir, List<DeviceRule> rules) {
        Bpf bpf = kernel.bpf();
        try (Fd program = load(kernel, rules)) {
            List<Integer> old = bpf.devicePrograms(dir.descriptor());
            if (old.size() == 1) {
                try (Fd replaced = bpf.openProgram(old.get(0))) {
                    bpf.replaceDeviceProgram(dir.descriptor(), program, replaced);
                }
                return;
            }
            bpf.attachDeviceProgram(dir.descriptor(), program);
            for (int id : old) {
                try (Fd detached = bpf.openProgram(id)) {
                    bpf.detachDeviceProgram(dir.descriptor(), detached);
                }
            }
        }
    }

    private static Fd load(Kernel kernel, List<DeviceRule> rules) {
        List<DeviceRule> all = new ArrayList<>(rules);
        all.addAll(DefaultDeviceRules.ALL);
        return kernel.bpf().loadDeviceProgram(DeviceProgram.of(all));
    }
}
