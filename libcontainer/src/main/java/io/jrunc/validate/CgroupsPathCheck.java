// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.spec.Spec;
import java.util.List;

/**
 * {@code linux.cgroupsPath}, which names a slice and a scope if systemd makes the cgroup. Source:
 * runtime-spec config-linux.md#cgroups-path, systemd.slice(5).
 */
final class CgroupsPathCheck extends Check {
    private static final String FIELD = "linux.cgroupsPath";
    private static final String SUFFIX = ".slice";

    CgroupsPathCheck() {
        super("cgroups path");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        if (spec.linux().cgroupsPath().isEmpty()) {
            return;
        }
        String path = spec.linux().cgroupsPath().get();
        Texts.noNul(FIELD, path);
        if (facts.systemdCgroups()) {
            unit(path);
        }
    }

    private static void unit(String path) {
        int first = path.indexOf(':');
        int second = path.indexOf(':', first + 1);
        if (first < 0 || second < 0 || path.indexOf(':', second + 1) >= 0) {
            throw Texts.invalid(
                    FIELD, path, "is not of the form slice:prefix:name", "systemd needs that form");
        }
        slice(path, path.substring(0, first));
        String name = path.substring(second + 1);
        if (name.isEmpty()) {
            throw Texts.invalid(FIELD, path, "has no name", "write slice:prefix:name");
        }
        if (path.indexOf('/') >= 0) {
            throw Texts.invalid(FIELD, path, "has a slash", "write the slice a/b as a-b.slice");
        }
    }

    /** Empty is the default slice, {@code -.slice} the root, {@code a-b.slice} is within a. */
    private static void slice(String path, String slice) {
        if (slice.isEmpty() || slice.equals("-") || slice.equals("-" + SUFFIX)) {
            return;
        }
        boolean good =
                slice.length() > SUFFIX.length()
                        && slice.endsWith(SUFFIX)
                        && slice.charAt(0) != '-'
                        && !slice.endsWith("-" + SUFFIX)
                        && !slice.contains("--");
        if (!good) {
            throw Texts.invalid(
                    FIELD,
                    path,
                    "does not begin with a slice",
                    "write for example system.slice:jrunc:name");
        }
    }
}
