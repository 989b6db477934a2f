// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.OptionalLong;

/**
 * A value of {@code linux.resources.rdma}. Source: runtime-spec config-linux.md#rdma.
 *
 * @param hcaHandles 0 to 4294967295; absent is no limit
 * @param hcaObjects 0 to 4294967295; absent is no limit
 */
public record Rdma(OptionalLong hcaHandles, OptionalLong hcaObjects) {
    public Rdma {
        Ranges.check("hcaHandles", hcaHandles, 0, Ranges.UINT32_MAX);
        Ranges.check("hcaObjects", hcaObjects, 0, Ranges.UINT32_MAX);
    }
}
