// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.local.LocalKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TracingKernelTest {
    private final List<String> lines = new ArrayList<>();
    private final Kernel kernel = new TracingKernel(LocalKernel.get(), "runtime", this::hear);

    private void hear(String line) {
        assertTrue(line.matches(".* <\\d+ µs>"), line);
        lines.add(line.replaceFirst(" <\\d+ µs>$", ""));
    }

    @Test
    void callIsPrintedWithItsResult() {
        try (Fd root = kernel.files().open("/", OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            int number = root.number();

            assertEquals(
                    List.of(
                            "runtime  openat(AT_FDCWD, \"/\", O_DIRECTORY|O_CLOEXEC|O_PATH) = "
                                    + number),
                    lines);
        }
    }

    @Test
    void failureIsPrintedAndThrown() {
        Files files = kernel.files();

        assertThrows(Failure.class, () -> files.chdir("/no/such").submit());

        assertEquals(
                List.of("runtime  chdir(\"/no/such\") = -1 ENOENT (no such file or directory)"),
                lines);
    }

    @Test
    void toleratedFailureIsPrinted() {
        kernel.directories().mkdir(kernel.files().here(), "/proc", 0755).tolerateAll().submit();

        assertEquals(
                List.of("runtime  mkdirat(AT_FDCWD, \"/proc\", 0755) = -1 EEXIST (file exists)"),
                lines);
    }

    @Test
    void closingIsNotPrinted() {
        kernel.files().open("/", OpenFlag.PATH).close();

        assertEquals(1, lines.size(), lines::toString);
    }

    @Test
    void originIsTheKernelBelow() {
        assertSame(LocalKernel.get(), kernel.process());
        assertSame(LocalKernel.get(), new TracingKernel(kernel, "twice", this::hear).process());
    }

    @Test
    void processThatWasBornIsTracedUnderItsOwnName() {
        Kernel traced = new TracingKernel(new DryRunKernel("", line -> {}), "stage", this::hear);
        Call clone = traced.processes().cloneProcess(Set.of(CloneFlag.NEWNS));
        Kernel init = traced.bornOf(clone, "init");
        init.processes().newSession();

        assertEquals(
                List.of("stage  clone3({flags=CLONE_NEWNS}, 88) = 4242", "init  setsid() = 0"),
                lines);
    }
}
