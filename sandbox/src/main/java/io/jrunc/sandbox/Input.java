// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** What a program in a sandbox reads from its standard input. Never changes. */
public final class Input {
    /** Where it comes from. */
    enum Kind {
        NOTHING,
        BYTES,
        PIPE,
        FILE,
        INHERITED
    }

    private static final Input NOTHING = new Input(Kind.NOTHING, new byte[0], Optional.empty());
    private static final Input PIPE = new Input(Kind.PIPE, new byte[0], Optional.empty());
    private static final Input INHERITED = new Input(Kind.INHERITED, new byte[0], Optional.empty());

    private final Kind kind;
    private final byte[] bytes;
    private final Optional<Path> file;

    private Input(Kind kind, byte[] bytes, Optional<Path> file) {
        this.kind = kind;
        this.bytes = bytes;
        this.file = file;
    }

    /** Returns no input: {@code /dev/null}. This is the default. */
    public static Input nothing() {
        return NOTHING;
    }

    /** Returns these bytes, and then the end. */
    public static Input of(byte[] bytes) {
        return new Input(
                Kind.BYTES, Given.present(bytes, "Input.of: bytes").clone(), Optional.empty());
    }

    /** Returns this text in UTF-8, and then the end. */
    public static Input of(String text) {
        return of(Given.present(text, "Input.of: text").getBytes(StandardCharsets.UTF_8));
    }

    /** Returns what the calling program writes to {@link Running#stdin}, until that is closed. */
    public static Input pipe() {
        return PIPE;
    }

    /** Returns the content of a file of the host. */
    public static Input file(Path file) {
        return new Input(
                Kind.FILE, new byte[0], Optional.of(Given.existing(file, "Input.file: file")));
    }

    /**
     * Returns the calling program's own standard input. The sandbox reads what others would read
     * there; if it is a terminal, it can change that terminal's settings.
     */
    public static Input inherited() {
        return INHERITED;
    }

    Kind kind() {
        return kind;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Opens what the program gets; empty for {@code /dev/null}. Not for pipes. */
    Optional<Fd> open(Kernel kernel) {
        return switch (kind) {
            case FILE ->
                    Optional.of(
                            kernel.files().open(file.orElseThrow().toString(), OpenFlag.RDONLY));
            case INHERITED -> Optional.of(Fd.of(kernel, 0, "standard input"));
            default -> Optional.empty();
        };
    }
}
