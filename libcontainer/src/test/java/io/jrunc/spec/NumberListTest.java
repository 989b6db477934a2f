// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberListTest {
    private static final int MAX = 100;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|{0}",
                "0-3,7|{0, 1, 2, 3, 7}",
                "7,0-1,1|{0, 1, 7}",
                "5-5|{5}",
                "007|{7}",
                "100|{100}"
            })
    void numbersAndRanges(String list, String numbers) {
        assertEquals(numbers, NumberList.parse("f", list, MAX).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "1,", ",1", "-", "1-", "-1", "1-2-3", "a", "1 ", "0x1", "1.5"})
    void invalidListIsRefused(String list) {
        assertEquals(
                "f: \"" + list + "\" is not a list of numbers; write for example \"0-3,7\"",
                message(list));
    }

    @Test
    void rangeThatRunsBackwardsIsRefused() {
        assertEquals(
                "f: \"3-1\" has a range that ends before it begins; write the smaller first",
                message("3-1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"101", "0-101", "99999999999999999999"})
    void numberThatMeansNothingIsRefused(String list) {
        assertEquals("f: \"" + list + "\" goes beyond 100; write smaller numbers", message(list));
    }

    private static String message(String list) {
        return assertThrows(Failure.class, () -> NumberList.parse("f", list, MAX)).getMessage();
    }
}
