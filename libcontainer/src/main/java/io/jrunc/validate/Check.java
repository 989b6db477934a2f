// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Spec;
import java.util.List;

/** Rules about one subject. A class, since a lambda would cost the cold JVM more. */
abstract class Check {
    private final String name;

    Check(String name) {
        this.name = name;
    }

    /** Returns the subject, for reports. */
    final String name() {
        return name;
    }

    /**
     * Looks at {@code spec} and leaves it as it is.
     *
     * @param warnings gets what is wrong but can be ignored
     * @throws Failure about the first thing that cannot
     */
    abstract void run(Spec spec, HostFacts facts, List<String> warnings);
}
