// SPDX-License-Identifier: Apache-2.0
package io.jrunc.kernelaudit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditFieldsTest {
    @Test
    void plainValuesAreInQuotes() {
        AuditFields fields = new AuditFields().word("virt", "jrunc").untrusted("vm", "web-1.a_b+c");

        assertEquals("virt=jrunc vm=\"web-1.a_b+c\"", fields.toString());
    }

    @Test
    void whatCouldForgeAFieldIsInDigits() {
        AuditFields fields = new AuditFields().untrusted("cmd", "x\" res=success");

        assertEquals("cmd=7822207265733D73756363657373", fields.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a b", "\n", "\"", "'", "\u007f", "\u00e4", "\u202e", "a\tb"})
    void nothingButPrintableWordsIsLeftAsItIs(String value) {
        String text = new AuditFields().untrusted("v", value).toString();

        assertEquals(true, text.matches("v=[0-9A-F]+"), text);
    }

    @Test
    void fieldsAreJoined() {
        AuditFields none = new AuditFields();
        AuditFields one = new AuditFields().word("a", 1);

        assertEquals("a=1 b=2", one.all(none).all(new AuditFields().word("b", 2)).toString());
    }
}
