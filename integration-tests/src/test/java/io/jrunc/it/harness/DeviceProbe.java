// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

/** Makes and opens the kernel's log, c 1:11, which no container may by default. */
public final class DeviceProbe {
    private DeviceProbe() {}

    /** A bundle that denies all devices and then has these rules. */
    public static Bundle rules(String... rules) {
        var bundle = Bundle.busybox();
        bundle.json("/linux/resources/devices", "[{\"allow\": false, \"access\": \"rwm\"}]");
        for (String rule : rules) {
            bundle.add("/linux/resources/devices", Json.parse(rule));
        }
        return bundle;
    }

    /** Prints "made" and "opened", as far as it gets. */
    public static Bundle prepare(Bundle bundle) {
        bundle.mount("/scratch", "tmpfs", "tmpfs");
        bundle.capabilities("CAP_MKNOD", "CAP_SYSLOG");
        return bundle.args(
                "sh",
                "-c",
                "mknod /scratch/k c 1 11 && echo made && : < /scratch/k && echo opened");
    }

    public static Result open(Bundle bundle) {
        return prepare(bundle).invoke("run", Sandbox.current().freshId()).run();
    }
}
