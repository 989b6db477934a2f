// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import io.jrunc.json.JsonTree;
import io.jrunc.linux.Failure;
import java.util.BitSet;

/**
 * A list of small numbers and ranges, {@code 0-3,7}, as for CPUs and NUMA nodes. Source: cpuset(7),
 * "List Format".
 */
public final class NumberList {
    private final String field;
    private final String list;
    private final int max;

    private NumberList(String field, String list, int max) {
        this.field = field;
        this.list = list;
        this.max = max;
    }

    /**
     * Returns the numbers in {@code list}.
     *
     * @param field for the message if it is no list
     * @param max the greatest number that means anything
     */
    public static BitSet parse(String field, String list, int max) {
        return new NumberList(field, list, max).parse();
    }

    private BitSet parse() {
        BitSet numbers = new BitSet();
        for (String part : list.split(",", -1)) {
            int dash = part.indexOf('-');
            int first = number(dash < 0 ? part : part.substring(0, dash));
            int last = dash < 0 ? first : number(part.substring(dash + 1));
            if (last < first) {
                throw invalid("has a range that ends before it begins", "write the smaller first");
            }
            numbers.set(first, last + 1);
        }
        return numbers;
    }

    private int number(String digits) {
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw notAList();
            }
            number = Math.min(10 * number + digit, max + 1);
        }
        if (digits.isEmpty()) {
            throw notAList();
        }
        if (number > max) {
            throw invalid("goes beyond " + max, "write smaller numbers");
        }
        return number;
    }

    private Failure notAList() {
        return invalid("is not a list of numbers", "write for example \"0-3,7\"");
    }

    private Failure invalid(String problem, String remedy) {
        return Failure.invalid(field, JsonTree.describe(list) + ' ' + problem, remedy);
    }
}
