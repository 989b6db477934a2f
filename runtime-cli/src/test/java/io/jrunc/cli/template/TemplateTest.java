// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Failure;
import io.jrunc.spec.OciState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates as engines' users write them. */
class TemplateTest {
    private static final OciState WEB =
            new OciState("web1", 7, "running", "/b", "/b/r", "now", Map.of("k", "v"), "root");
    private static final OciState LONG =
            new OciState("a-long-name-of-it", 0, "stopped", "/c", "/c/r", "now", Map.of(), "ann");

    private static String print(String format, OciState... states) {
        return Rows.ofStates(format, List.of(states));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{{.ID}}|web1",
                "{{ .ID }}|web1",
                "{{.Id}}={{.PID}}|web1=7",
                "{{upper .Status}}|RUNNING",
                "{{lower .ID}}|web1",
                "{{json .ID}}|\"web1\"",
                "{{json .PID}}|7",
                "{{json .Annotations}}|{\"k\":\"v\"}",
                "{{.Annotations}}|k=v",
                "{{index .Annotations \"k\"}}|v",
                "{{index .Annotations \"none\"}}|``",
                "}} is text|}} is text"
            })
    void fieldIsPrinted(String format, String printed) {
        assertEquals(printed + "\n", print(format, WEB));
    }

    @Test
    void escapesAreThoseOfDocker() {
        assertEquals("web1\t7\nx\n", print("{{.ID}}\\t{{.PID}}\\nx", WEB));
    }

    @Test
    void rowIsJson() {
        assertEquals(
                "{\"ID\":\"web1\",\"PID\":7,\"Status\":\"running\",\"Bundle\":\"/b\",\"Rootfs\":\"/b/r\","
                        + "\"Created\":\"now\",\"Owner\":\"root\",\"Annotations\":{\"k\":\"v\"}}\n",
                print("{{json .}}", WEB));
    }

    @Test
    void tableHasAHeaderAndColumns() {
        assertEquals(
                """
                ID                  PID       STATUS
                web1                7         running
                a-long-name-of-it   0         stopped
                """,
                print("table {{.ID}}\\t{{.PID}}\\t{{.Status}}", WEB, LONG));
        assertEquals("ID        PID\n", print("table {{.Id}}\\t{{.PID}}"));
    }

    @Test
    void nothingIsPrintedWithoutRows() {
        assertEquals("", print("{{.ID}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{range .}}{{end}}",
                "{{.}}",
                "{{if .ID}}x{{end}}",
                "{{.ID | json}}",
                "{{- .ID -}}",
                "{{printf \"%s\" .ID}}",
                "{{index .Annotations}}",
                "{{.ID",
                "{{}}",
                "{{.Foo}}",
                "{{json .Foo}}",
                "{{index .Foo \"k\"}}"
            })
    void otherActionsAreRefusedInOneSentence(String format) {
        Failure refused = assertThrows(Failure.class, () -> print(format, WEB));

        assertEquals(Failure.Code.USAGE, refused.code());
        assertTrue(refused.getMessage().startsWith("--format: "), refused.getMessage());
        assertTrue(refused.getMessage().indexOf('\n') < 0, refused.getMessage());
    }

    /** The refusal comes before the first container exists. */
    @Test
    void fieldIsCheckedWithoutRows() {
        assertThrows(Failure.class, () -> print("{{.Foo}}"));
    }

    @Test
    void valueOfAStrangerStaysOnItsLine() {
        OciState hostile =
                new OciState("x", 1, "s", "/a\n\u001b[2J\u202e", "", "", Map.of("k", "a\nb"), "");

        assertEquals("/a\ufffd\ufffd[2J\ufffd\n", print("{{.Bundle}}", hostile));
        assertEquals("a\ufffdb\n", print("{{index .Annotations \"k\"}}", hostile));
        assertEquals("\"/a\\n\\u001b[2J\u202e\"\n", print("{{json .Bundle}}", hostile));
    }
}
