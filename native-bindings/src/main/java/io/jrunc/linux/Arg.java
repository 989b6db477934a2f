// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An argument of a system call: where its word comes from, and how strace(1) would print it. An
 * {@link Fd} is one too.
 */
public sealed interface Arg
        permits Arg.Word, Arg.Octal, Arg.Flags, Arg.Data, Arg.Struct, Arg.Out, Arg.Result, Fd {

    /** A null pointer. */
    Arg NULL = new Word(0);

    /** A number. */
    record Word(long value) implements Arg {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    /** A number that people read in base eight: a file mode. */
    record Octal(long value) implements Arg {
        @Override
        public String toString() {
            return value == 0 ? "0" : "0" + Long.toOctalString(value);
        }
    }

    /** What an earlier call of the same process results in; if that fails, so does this call. */
    record Result(Call call) implements Arg {
        @Override
        public String toString() {
            return call.isDone() ? Long.toString(call.result()) : "?";
        }
    }

    /** A set of flags. */
    record Flags(Set<? extends Flag> set) implements Arg {
        @Override
        public String toString() {
            return Flag.names(set);
        }
    }

    /** Bytes that the call reads, by address. */
    final class Data implements Arg {
        private final byte[] bytes;
        private final String shown;
        private final boolean isText;

        private Data(byte[] bytes, String shown, boolean isText) {
            this.bytes = bytes;
            this.shown = shown;
            this.isText = isText;
        }

        /** For kernels: what the call reads. */
        public byte[] bytes() {
            return bytes;
        }

        /** Text is quoted only here: few calls are ever shown. */
        @Override
        public String toString() {
            return isText ? quoted(shown) : shown;
        }
    }

    /** Room for bytes that the call writes, by address. */
    final class Out implements Arg {
        private final byte[] bytes;

        private Out(int length) {
            bytes = new byte[length];
        }

        /** Returns what the call wrote; zeros before it was made. */
        public byte[] bytes() {
            return bytes;
        }

        /** Returns the same, to read numbers from. */
        public ByteBuffer buffer() {
            return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        }

        @Override
        public String toString() {
            return "[" + bytes.length + " bytes]";
        }
    }

    /**
     * A C structure, some of whose fields are addresses or descriptors only known where it is used.
     */
    final class Struct implements Arg {
        private final ByteBuffer fields;
        private final Object[] shown;
        private final List<Patch> patches = new ArrayList<>();

        /** A field that is filled in by the executing side. */
        public record Patch(int offset, int size, Arg value) {}

        private Struct(int size, Object[] shown) {
            fields = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
            this.shown = shown;
        }

        /** Sets the 16-bit field at {@code offset}. */
        public Struct putShort(int offset, int value) {
            fields.putShort(offset, (short) value);
            return this;
        }

        /** Sets the 32-bit field at {@code offset}. */
        public Struct putInt(int offset, int value) {
            fields.putInt(offset, value);
            return this;
        }

        /** Sets the 64-bit field at {@code offset}. */
        public Struct putLong(int offset, long value) {
            fields.putLong(offset, value);
            return this;
        }

        /** Sets the bytes from {@code offset} on. */
        public Struct putBytes(int offset, byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
                fields.put(offset + i, bytes[i]);
            }
            return this;
        }

        /**
         * Sets the 64-bit field at {@code offset} to the address of, or the word of, {@code value}.
         */
        public Struct put(int offset, Arg value) {
            patches.add(new Patch(offset, 8, value));
            return this;
        }

        /** Sets the 32-bit field at {@code offset} to a descriptor's number. */
        public Struct putFd(int offset, Fd fd) {
            patches.add(new Patch(offset, 4, fd));
            return this;
        }

        /** For kernels: the fields, with zeros where patches belong. */
        public byte[] bytes() {
            return fields.array();
        }

        /** For kernels: what the executing side fills in. */
        public List<Patch> patches() {
            return patches;
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            for (Object part : shown) {
                text.append(part);
            }
            return text.toString();
        }
    }

    /** Returns the size in memory, rounded up so that what follows is aligned. */
    static int aligned(int bytes) {
        return (bytes + 7) & ~7;
    }

    /** Returns a number. */
    static Arg of(long value) {
        return new Word(value);
    }

    /** Returns a string, ended by a zero byte; {@link Strings} says in which bytes. */
    static Arg text(String text) {
        byte[] bytes = Strings.encode(text);
        byte[] terminated = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, terminated, 0, bytes.length);
        return new Data(terminated, text, true);
    }

    /** As strace(1) prints strings: whatever they contain, they stay on their line. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        quoted.append('\\').append(Integer.toOctalString(c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    /** Bytes to read, printed as {@code shown}. */
    static Arg data(byte[] bytes, String shown) {
        return new Data(bytes, shown, false);
    }

    /** Bytes to read: {@code text} in UTF-8, without a zero byte at its end. */
    static Data utf8(String text) {
        return new Data(text.getBytes(StandardCharsets.UTF_8), text, true);
    }

    /** Room for {@code length} bytes. */
    static Out out(int length) {
        return new Out(length);
    }

    /**
     * Returns a structure of {@code size} zero bytes.
     *
     * @param shown how it is printed: parts that are only then put together
     */
    static Struct struct(int size, Object... shown) {
        return new Struct(size, shown);
    }

    /** Returns a null-terminated array of strings, as execve(2) takes. */
    static Arg texts(List<String> texts) {
        StringBuilder shown = new StringBuilder("[");
        for (String text : texts) {
            shown.append(shown.length() == 1 ? "" : ", ").append(quoted(text));
        }
        Struct array = struct(8 * (texts.size() + 1), shown.append(']').toString());
        for (int i = 0; i < texts.size(); i++) {
            array.put(8 * i, text(texts.get(i)));
        }
        return array;
    }
}
