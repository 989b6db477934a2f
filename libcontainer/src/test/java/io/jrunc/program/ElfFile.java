// SPDX-License-Identifier: Apache-2.0
package io.jrunc.program;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The least that is an ELF program: a head, and program headers if it has a dynamic loader. */
final class ElfFile {
    private static final int PT_LOAD = 1;
    private static final int PT_INTERP = 3;
    private static final int TEXT_AT = 300;

    private final boolean wide;
    private final int machine;
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    private String loader = "";

    private ElfFile(boolean wide, int machine) {
        this.wide = wide;
        this.machine = machine;
    }

    static ElfFile of64(int machine) {
        return new ElfFile(true, machine);
    }

    static ElfFile of32(int machine) {
        return new ElfFile(false, machine);
    }

    ElfFile bigEndian() {
        order = ByteOrder.BIG_ENDIAN;
        return this;
    }

    ElfFile loader(String path) {
        loader = path;
        return this;
    }

    byte[] bytes() {
        ByteBuffer file = ByteBuffer.allocate(512);
        file.order(order);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (wide ? 2 : 1)});
        file.put((byte) (order == ByteOrder.BIG_ENDIAN ? 2 : 1));
        file.putShort(18, (short) machine);
        if (!loader.isEmpty()) {
            addHeaders(file);
        }
        return file.array();
    }

    private void addHeaders(ByteBuffer file) {
        int size = wide ? 56 : 32;
        int table = wide ? 64 : 52;
        if (wide) {
            file.putLong(32, table);
        } else {
            file.putInt(28, table);
        }
        file.putShort(wide ? 54 : 42, (short) size);
        file.putShort(wide ? 56 : 44, (short) 2);
        file.putInt(table, PT_LOAD);
        int second = table + size;
        byte[] text = (loader + "\0").getBytes(StandardCharsets.UTF_8);
        file.putInt(second, PT_INTERP);
        if (wide) {
            file.putLong(second + 8, TEXT_AT).putLong(second + 32, text.length);
        } else {
            file.putInt(second + 4, TEXT_AT).putInt(second + 16, text.length);
        }
        for (int i = 0; i < text.length; i++) {
            file.put(TEXT_AT + i, text[i]);
        }
    }
}
