// SPDX-License-Identifier: Apache-2.0
package io.jrunc.checkpoint;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.jrunc.linux.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A message in the encoding of protobuf, by the numbers of its fields. Of what criu's protocol has,
 * only numbers, texts and messages are needed.
 */
final class CriuMessage {
    private static final int VARINT = 0;
    private static final int DELIMITED = 2;
    private static final int TYPE_BITS = 3;

    private final List<Field> fields = new ArrayList<>();

    /** A field: either a number or, of another type, bytes. */
    private record Field(int number, long value, Optional<byte[]> bytes) {}

    /** Adds a number, or a word of an enumeration. */
    CriuMessage put(int field, long value) {
        fields.add(new Field(field, value, Optional.empty()));
        return this;
    }

    /** Adds a flag. */
    CriuMessage put(int field, boolean value) {
        return put(field, value ? 1 : 0);
    }

    /** Adds a text. */
    CriuMessage put(int field, String text) {
        return put(field, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a message. */
    CriuMessage put(int field, CriuMessage message) {
        return put(field, message.toBytes());
    }

    private CriuMessage put(int field, byte[] bytes) {
        fields.add(new Field(field, 0, Optional.of(bytes)));
        return this;
    }

    /** Returns the encoded message. */
    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            for (Field field : fields) {
                if (field.bytes.isPresent()) {
                    out.writeByteArray(field.number, field.bytes.get());
                } else {
                    out.writeInt64(field.number, field.value);
                }
            }
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException(e); // memory does not fail so
        }
        return bytes.toByteArray();
    }

    /** Decodes a message; fields of types that are not needed are left out. */
    static CriuMessage parse(byte[] bytes) {
        CriuMessage message = new CriuMessage();
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                int field = tag >>> TYPE_BITS;
                int type = tag & (1 << TYPE_BITS) - 1;
                if (type == VARINT) {
                    message.put(field, in.readInt64());
                } else if (type == DELIMITED) {
                    message.put(field, in.readByteArray());
                } else {
                    in.skipField(tag);
                }
            }
        } catch (IOException e) {
            throw Failure.of(Failure.Code.PROTOCOL, "criu sent what is no message of its", e);
        }
        return message;
    }

    /** Returns the number in {@code field}; empty if it is absent. */
    OptionalLong number(int field) {
        OptionalLong last = OptionalLong.empty();
        for (Field one : fields) {
            if (one.number == field && one.bytes.isEmpty()) {
                last = OptionalLong.of(one.value);
            }
        }
        return last;
    }

    /** Returns whether the flag in {@code field} is set. */
    boolean isSet(int field) {
        return number(field).orElse(0) != 0;
    }

    /** Returns the text in {@code field}; empty if it is absent. */
    Optional<String> text(int field) {
        return last(field).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** Returns the message in {@code field}; empty if it is absent. */
    Optional<CriuMessage> message(int field) {
        return last(field).map(CriuMessage::parse);
    }

    private Optional<byte[]> last(int field) {
        Optional<byte[]> last = Optional.empty();
        for (Field one : fields) {
            if (one.number == field && one.bytes.isPresent()) {
                last = one.bytes;
            }
        }
        return last;
    }
}
