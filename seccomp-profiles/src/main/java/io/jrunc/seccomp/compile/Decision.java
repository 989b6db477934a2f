// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.compile;

/**
 * A node of the graph that decides about a system call: either the final value, or a test of one
 * 32-bit word of {@code struct seccomp_data} that leads to one of two other decisions.
 */
public final class Decision {
    public enum Test {
        /** Tests nothing: {@link #constant} is the filter's return value. */
        NONE,
        EQUAL,
        GREATER,
        AT_LEAST,
        /** At least one bit of the constant is set. */
        ANY_BIT
    }

    /** No mask: the word is tested as it is. */
    public static final int ALL_BITS = -1;

    /** Position in {@link DecisionGraph}: children have lower ones than their parents. */
    final int id;

    public final Test test;

    /** Offset of the word, in bytes. */
    public final int word;

    /** What the word is ANDed with before the test. */
    public final int mask;

    public final int constant;

    /** What follows if the word passes the test; a final decision leads to itself. */
    public final Decision yes;

    /** What follows if the word does not pass the test; a final decision leads to itself. */
    public final Decision no;

    /** A final decision: the filter returns {@code value}. */
    Decision(int id, int value) {
        this.id = id;
        this.test = Test.NONE;
        this.word = 0;
        this.mask = 0;
        this.constant = value;
        this.yes = this;
        this.no = this;
    }

    Decision(int id, Test test, int word, int mask, int constant, Decision yes, Decision no) {
        this.id = id;
        this.test = test;
        this.word = word;
        this.mask = mask;
        this.constant = constant;
        this.yes = yes;
        this.no = no;
    }

    public boolean isFinal() {
        return test == Test.NONE;
    }

    /** Returns whether a word passes the test. */
    public boolean holds(int value) {
        int tested = value & mask;
        return switch (test) {
            case EQUAL -> tested == constant;
            case GREATER -> Integer.compareUnsigned(tested, constant) > 0;
            case AT_LEAST -> Integer.compareUnsigned(tested, constant) >= 0;
            case ANY_BIT -> (tested & constant) != 0;
            case NONE -> throw new IllegalStateException("a final decision tests nothing");
        };
    }

    /** Equality of what is decided; decisions below are shared, so identity is enough for them. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Decision that
                && test == that.test
                && word == that.word
                && mask == that.mask
                && constant == that.constant
                && (isFinal() || (yes == that.yes && no == that.no));
    }

    @Override
    public int hashCode() {
        int hash = test.hashCode() * 31 + word;
        hash = hash * 31 + mask;
        hash = hash * 31 + constant;
        return isFinal() ? hash : (hash * 31 + yes.id) * 31 + no.id;
    }
}
