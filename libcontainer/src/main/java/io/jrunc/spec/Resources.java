// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.List;
import java.util.Map;

/**
 * {@code linux.resources}: what the cgroup limits. Source: runtime-spec
 * config-linux.md#control-groups.
 *
 * @param devices applied in order
 * @param rdma limits by device name
 * @param unified files of cgroup v2 to their contents, written last
 */
public record Resources(
        List<DeviceRule> devices,
        Memory memory,
        Cpu cpu,
        Pids pids,
        BlockIo blockIo,
        List<HugepageLimit> hugepageLimits,
        NetworkClass network,
        Map<String, Rdma> rdma,
        Map<String, String> unified) {
    /** No limits. */
    public static final Resources NONE =
            new Resources(
                    List.of(),
                    Memory.NONE,
                    Cpu.NONE,
                    Pids.NONE,
                    BlockIo.NONE,
                    List.of(),
                    NetworkClass.NONE,
                    Map.of(),
                    Map.of());

    public Resources {
        devices = List.copyOf(devices);
        hugepageLimits = List.copyOf(hugepageLimits);
        rdma = Copies.map(rdma);
        unified = Copies.map(unified);
    }
}
