// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

/** A clock that a time namespace may shift. Source: time_namespaces(7). */
public enum Clock implements SpecWord {
    MONOTONIC("monotonic"),
    BOOTTIME("boottime");

    private final String specName;

    Clock(String specName) {
        this.specName = specName;
    }

    @Override
    public String specName() {
        return specName;
    }
}
