// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Device;
import io.jrunc.spec.DeviceRule;
import io.jrunc.spec.DeviceType;
import io.jrunc.spec.Spec;
import java.util.List;

/**
 * {@code linux.devices} and {@code linux.resources.devices}. Source: runtime-spec
 * config-linux.md#devices.
 */
final class DeviceCheck extends Check {
    DeviceCheck() {
        super("devices");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        List<Device> devices = spec.linux().devices();
        for (int i = 0; i < devices.size(); i++) {
            String field = "linux.devices[" + i + ']';
            Texts.absolute(field + ".path", devices.get(i).path());
            numbers(field, devices.get(i));
            for (int j = 0; j < i; j++) {
                contradiction(field, devices.get(j), devices.get(i));
            }
        }
        List<DeviceRule> rules = spec.linux().resources().devices();
        for (int i = 0; i < rules.size(); i++) {
            // Absent could be meant as nothing or as everything.
            if (rules.get(i).access().isEmpty()) {
                throw Failure.invalid(
                        "linux.resources.devices[" + i + "].access",
                        "is missing",
                        "write for example \"rwm\"");
            }
        }
    }

    private static void numbers(String field, Device device) {
        if (device.type() == DeviceType.FIFO) {
            return;
        }
        if (device.major().isEmpty() || device.minor().isEmpty()) {
            throw Failure.invalid(
                    field + (device.major().isEmpty() ? ".major" : ".minor"),
                    "is missing, but a device of type "
                            + Texts.quoted(device.type().specName())
                            + " needs it",
                    "add it");
        }
    }

    /** The same device twice does no harm. */
    private static void contradiction(String field, Device a, Device b) {
        boolean same =
                a.type() == b.type() && a.major().equals(b.major()) && a.minor().equals(b.minor());
        if (a.path().equals(b.path()) && !same) {
            throw Texts.invalid(
                    field + ".path", b.path(), "is another device further up", "keep one of them");
        }
    }
}
