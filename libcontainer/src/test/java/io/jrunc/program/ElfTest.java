// SPDX-License-Identifier: Apache-2.0
package io.jrunc.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Fd;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Heads built by hand, see elf(5). */
class ElfTest {
    private final LocalKernel kernel = LocalKernel.get();
    @TempDir Path directory;

    private String interpreter(byte[] program) throws IOException {
        Path file = Files.write(directory.resolve("program"), program);
        try (Fd fd = kernel.files().open(file.toString(), OpenFlag.RDONLY)) {
            return new Elf(program).interpreter(kernel.files(), fd);
        }
    }

    @Test
    void magicAndAWholeHeadMakeAnElfFile() {
        byte[] head = ElfFile.of64(62).bytes();
        assertTrue(Elf.isElf(head));

        head[1] = 'e';
        assertFalse(Elf.isElf(head));
        assertFalse(Elf.isElf(new byte[] {0x7f, 'E', 'L', 'F'}));
        assertFalse(Elf.isElf(new byte[0]));
    }

    @Test
    void machineRunsItsOwnCodeAndThe32BitCodeBeforeIt() {
        assertTrue(new Elf(ElfFile.of64(62).bytes()).isFor("x86_64"));
        assertTrue(new Elf(ElfFile.of32(3).bytes()).isFor("x86_64"));
        assertFalse(new Elf(ElfFile.of64(183).bytes()).isFor("x86_64"));
        assertTrue(new Elf(ElfFile.of64(183).bytes()).isFor("aarch64"));
        assertTrue(new Elf(ElfFile.of32(40).bytes()).isFor("aarch64"));
        assertFalse(new Elf(ElfFile.of64(62).bytes()).isFor("aarch64"));
    }

    @Test
    void machinesAreNamed() {
        assertEquals("aarch64", new Elf(ElfFile.of64(183).bytes()).machine());
        assertEquals("x86_64", new Elf(ElfFile.of64(62).bytes()).machine());
        assertEquals("riscv", new Elf(ElfFile.of64(243).bytes()).machine());
        assertEquals("s390", new Elf(ElfFile.of64(22).bigEndian().bytes()).machine());
        assertEquals("machine number 7777", new Elf(ElfFile.of64(7777).bytes()).machine());
    }

    @Test
    void dynamicLoaderIsFoundInBothWidthsAndByteOrders() throws IOException {
        String loader = "/lib64/ld-linux-x86-64.so.2";

        assertEquals(loader, interpreter(ElfFile.of64(62).loader(loader).bytes()));
        assertEquals(loader, interpreter(ElfFile.of32(3).loader(loader).bytes()));
        assertEquals(loader, interpreter(ElfFile.of64(22).bigEndian().loader(loader).bytes()));
        assertEquals(loader, interpreter(ElfFile.of32(20).bigEndian().loader(loader).bytes()));
    }

    @Test
    void staticProgramHasNoLoader() throws IOException {
        assertEquals("", interpreter(ElfFile.of64(62).bytes()));
    }

    @Test
    void tableOutsideTheFileIsNoLoader() throws IOException {
        byte[] program = ElfFile.of64(62).loader("/lib/ld").bytes();
        ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN).putLong(32, 1 << 20);

        assertEquals("", interpreter(program));
    }

    @Test
    void sizeThatMeansNothingIsNoLoader() throws IOException {
        for (long size : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            byte[] program = ElfFile.of64(62).loader("/lib/ld").bytes();
            int second = 64 + 56;
            ByteBuffer fields = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
            fields.putLong(second + 8, 1 << 20).putLong(second + 32, size);

            assertEquals("", interpreter(program), "p_filesz " + size);
        }
    }
}
