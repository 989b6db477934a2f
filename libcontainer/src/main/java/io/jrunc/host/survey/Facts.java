// SPDX-License-Identifier: Apache-2.0
package io.jrunc.host.survey;

import java.util.ArrayList;
import java.util.List;

/** Facts about one subject, in the order in which they are added. */
public final class Facts {
    private final String section;
    private final List<Fact> all = new ArrayList<>();

    public Facts(String section) {
        this.section = section;
    }

    /** Adds a fact in words. */
    public void text(String name, String value) {
        all.add(new Fact.Text(section, name, value));
    }

    /** Adds a list of names. */
    public void words(String name, List<String> values) {
        all.add(new Fact.Words(section, name, values));
    }

    /** Adds whether something is there. */
    public void flag(String name, boolean value) {
        all.add(new Fact.Flag(section, name, value));
    }

    /** Adds something that is not there. */
    public void missing(String name, String consequence, String remedy) {
        all.add(new Fact.Missing(section, name, consequence, remedy));
    }

    public List<Fact> all() {
        return List.copyOf(all);
    }
}
