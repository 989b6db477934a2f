package io.jrunc.cgroup.v2;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.cgroup.file.DefaultDeviceRules;
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
        List<DeviceRule> all = new ArrayList<>(rules);
        all.addAll(DefaultDeviceRules.ALL);
        try (Fd program = kernel.bpf().loadDeviceProgram(DeviceProgram.of(all))) {
            kernel.bpf().attachDeviceProgram(dir.descriptor(), program);
        }
    }
}
