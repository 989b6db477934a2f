// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.child;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.ChildOp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The C header and {@link BatchLayout} say the same. */
class BatchHeaderTest {
    private static final Pattern STRUCT = Pattern.compile("struct (\\w+) \\{([^}]*)\\}");
    private static final Pattern FIELD = Pattern.compile("u?int(\\d+)_t (\\w+)(?:\\[(\\d+)\\])?;");
    private static final Pattern CONSTANT =
            Pattern.compile("^\\s*(?:#define )?([A-Z_]+) ?=? ?(-?(?:0x[0-9a-f]+|\\d+))u?[,\\s]");

    private String header;

    @BeforeEach
    void read() throws IOException {
        header = Files.readString(Path.of("src", "main", "c", "batch.h"));
    }

    /** Name and value of each {@code #define} and enumerator. */
    private Map<String, Integer> constants() {
        Map<String, Integer> constants = new TreeMap<>();
        for (String line : header.lines().toList()) {
            Matcher constant = CONSTANT.matcher(line + "\n");
            if (constant.find()) {
                constants.put(constant.group(1), (int) (long) Long.decode(constant.group(2)));
            }
        }
        return constants;
    }

    /** Name and offset of each field, and the size under the name {@code sizeof}. */
    private Map<String, Integer> offsets(String struct) {
        Matcher structs = STRUCT.matcher(header);
        while (structs.find()) {
            if (structs.group(1).equals(struct)) {
                return offsetsIn(structs.group(2));
            }
        }
        throw new AssertionError("no struct " + struct + " in batch.h");
    }

    private static Map<String, Integer> offsetsIn(String body) {
        Map<String, Integer> offsets = new LinkedHashMap<>();
        Matcher fields = FIELD.matcher(body);
        int at = 0;
        int alignment = 1;
        while (fields.find()) {
            int size = Integer.parseInt(fields.group(1)) / 8;
            int count = fields.group(3) == null ? 1 : Integer.parseInt(fields.group(3));
            at = (at + size - 1) / size * size;
            offsets.put(fields.group(2), at);
            at += size * count;
            alignment = Math.max(alignment, size);
        }
        offsets.put("sizeof", (at + alignment - 1) / alignment * alignment);
        return offsets;
    }

    @Test
    void headOfABatchIsTheSame() {
        assertEquals(
                Map.of(
                        "magic", 0,
                        "sequence", BatchLayout.SEQUENCE,
                        "flags", BatchLayout.FLAGS,
                        "operations", BatchLayout.OPERATIONS,
                        "data_length", BatchLayout.DATA_LENGTH,
                        "output_length", BatchLayout.OUTPUT_LENGTH,
                        "sizeof", BatchLayout.HEAD_BYTES),
                offsets("batch"));
    }

    @Test
    void operationIsTheSame() {
        assertEquals(
                Map.of(
                        "number", 0,
                        "kinds", BatchLayout.KINDS,
                        "argument", BatchLayout.ARGUMENTS,
                        "tolerated", BatchLayout.TOLERATED,
                        "sizeof", BatchLayout.OPERATION_BYTES),
                offsets("operation"));
        assertTrue(header.contains("int16_t tolerated[" + BatchLayout.MAX_TOLERATED + "]"), header);
    }

    @Test
    void headOfAReplyIsTheSame() {
        assertEquals(
                Map.of(
                        "magic", 0,
                        "sequence", BatchLayout.SEQUENCE,
                        "done", BatchLayout.DONE,
                        "output_length", 12,
                        "sizeof", BatchLayout.REPLY_HEAD_BYTES),
                offsets("reply"));
    }

    @Test
    void constantsAreTheSame() {
        Map<String, Integer> expected = new TreeMap<>();
        expected.put("BATCH_MAGIC", BatchLayout.MAGIC);
        expected.put("IMMEDIATE", BatchLayout.IMMEDIATE);
        expected.put("DATA", BatchLayout.DATA);
        expected.put("OUTPUT", BatchLayout.OUTPUT);
        expected.put("RESULT", BatchLayout.RESULT);
        expected.put("DESCRIPTOR", BatchLayout.DESCRIPTOR);
        expected.put("BATCH_CLEANUP", BatchLayout.CLEANUP);
        expected.put("BATCH_NEXT_CLEANUP", BatchLayout.NEXT_CLEANUP);
        for (ChildOp operation : ChildOp.values()) {
            if (operation.number() > -16) {
                expected.put("OP_" + operation.name(), operation.number());
            }
        }

        assertEquals(expected, constants());
    }
}
