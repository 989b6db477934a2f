// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.Optional;

/**
 * A value of {@code linux.netDevices}. Source: runtime-spec config-linux.md#network-devices.
 *
 * @param name in the container; absent keeps the name it has on the host
 */
public record NetDevice(Optional<String> name) {}
