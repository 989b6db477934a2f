// SPDX-License-Identifier: Apache-2.0
package io.jrunc.setup;

import io.jrunc.linux.Failure;

/** One thing that making a container does. The plan is a list of them in kernel order. */
public interface Step {
    /** Returns the process that executes it: init, unless a step overrides this. */
    default Actor actor() {
        return Actor.INIT;
    }

    /** What is done, as a short sentence without a subject: {@code mount proc at /proc}. */
    String title();

    /** The field of {@code config.json} that causes it; "always" if every container needs it. */
    default String field() {
        return "always";
    }

    /**
     * Whether the calls of this step may be made together with those of the steps before and after
     * it: then it has none of its failures caught by a {@code try} that another step's failure
     * could end up in, and does nothing outside of the container that relies on calls before it.
     */
    default boolean isDeferrable() {
        return false;
    }

    /** Adds to a failure of this step what was being done. */
    default Failure explained(Failure failure) {
        return failure.during(title());
    }

    /** Does it. */
    void apply(SetupContext context);
}
