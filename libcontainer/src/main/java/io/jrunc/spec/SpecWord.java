// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

/** A constant that {@code config.json} spells in one way only. */
public interface SpecWord {
    /** Returns the spelling in {@code config.json}. */
    String specName();
}
