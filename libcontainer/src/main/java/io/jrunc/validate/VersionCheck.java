// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Spec;
import java.util.List;

/** {@code ociVersion}. Source: runtime-spec config.md#specification-version, semver.org. */
final class VersionCheck extends Check {
    VersionCheck() {
        super("version");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        String version = spec.ociVersion();
        if (version.isEmpty()) {
            throw Failure.invalid("ociVersion", "is missing", "add " + Texts.quoted(Spec.VERSION));
        }
        if (number(version, 0) != number(Spec.VERSION, 0)) {
            throw Texts.invalid(
                    "ociVersion",
                    version,
                    "is not a version that is known here",
                    "write " + Texts.quoted(Spec.VERSION));
        }
        if (number(version, 1) > number(Spec.VERSION, 1)) {
            warnings.add(
                    "ociVersion: "
                            + Texts.quoted(version)
                            + " is newer than "
                            + Spec.VERSION
                            + ": what is new in it is unknown here, ignoring");
        }
    }

    /** Returns the number after {@code skip} full stops, or -1. */
    private static int number(String version, int skip) {
        int from = 0;
        for (int i = 0; i < skip; i++) {
            from = version.indexOf('.', from) + 1;
            if (from == 0) {
                return -1;
            }
        }
        int to = from;
        while (to < version.length() && Character.isDigit(version.charAt(to))) {
            to++;
        }
        // At most five digits, so that the number fits an int.
        return to == from || to - from > 5 ? -1 : Integer.parseInt(version, from, to, 10);
    }
}
