// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The numbers agree with the table that was generated from the kernel's. */
class SyscallTest {
    private static final Path TABLE =
            Path.of("..", "seccomp-profiles", "src", "main", "tables", "syscalls.csv");

    private static int number(Syscall syscall, String field) throws ReflectiveOperationException {
        var number = Syscall.class.getDeclaredField(field);
        number.setAccessible(true);
        return number.getInt(syscall);
    }

    private static Map<String, String> column(String architecture) throws IOException {
        List<String> lines =
                Files.readAllLines(TABLE).stream().filter(line -> !line.startsWith("#")).toList();
        int column = List.of(lines.get(0).split(",", -1)).indexOf(architecture);
        Map<String, String> numbers = new TreeMap<>();
        for (String line : lines) {
            String[] fields = line.split(",", -1);
            numbers.put(fields[0], fields[column]);
        }
        return numbers;
    }

    private static void assertNumbers(String architecture, String field) throws Exception {
        Map<String, String> table = column(architecture);
        for (Syscall syscall : Syscall.values()) {
            assertEquals(
                    table.get(syscall.manualName()),
                    Integer.toString(number(syscall, field)),
                    architecture + " " + syscall);
        }
    }

    @Test
    void numbersOfX86AreTheKernels() throws Exception {
        assertNumbers("X86_64", "x86Number");
    }

    @Test
    void numbersOfArmAreTheKernels() throws Exception {
        assertNumbers("AARCH64", "armNumber");
    }
}
