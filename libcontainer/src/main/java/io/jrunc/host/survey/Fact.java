// SPDX-License-Identifier: Apache-2.0
package io.jrunc.host.survey;

import java.util.List;

/** Something that this host offers, or does not. */
public sealed interface Fact {
    /** Returns the subject, as {@code cgroup}. */
    String section();

    /** Returns the name, unique in its section. */
    String name();

    /** A fact in one word or one sentence. */
    record Text(String section, String name, String value) implements Fact {}

    /** A list of names. */
    record Words(String section, String name, List<String> values) implements Fact {
        public Words {
            values = List.copyOf(values);
        }
    }

    /** Something that is there or not. */
    record Flag(String section, String name, boolean value) implements Fact {}

    /**
     * Something that is not there.
     *
     * @param consequence what is refused, or works in another way
     * @param remedy how to get it; empty if nothing can be done
     */
    record Missing(String section, String name, String consequence, String remedy)
            implements Fact {}
}
