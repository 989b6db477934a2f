// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a program in a sandbox writes its standard output or its error messages to. Never changes.
 */
public final class Output {
    /** Where it goes. */
    enum Kind {
        CAPTURED,
        DISCARDED,
        FILE,
        INHERITED
    }

    private static final int MODE = 0644;
    private static final Output CAPTURED = new Output(Kind.CAPTURED, Optional.empty());
    private static final Output DISCARDED = new Output(Kind.DISCARDED, Optional.empty());
    private static final Output INHERITED = new Output(Kind.INHERITED, Optional.empty());

    private final Kind kind;
    private final Optional<Path> file;

    private Output(Kind kind, Optional<Path> file) {
        this.kind = kind;
        this.file = file;
    }

    /**
     * Returns the calling program: it finds the output in {@link Result}, or reads it from {@link
     * Running#stdout} and {@link Running#stderr}. This is the default.
     */
    public static Output captured() {
        return CAPTURED;
    }

    /** Returns {@code /dev/null}. */
    public static Output discarded() {
        return DISCARDED;
    }

    /**
     * Returns a file of the host, which is created or emptied. It may grow beyond {@link
     * Sandbox#maxOutput}.
     */
    public static Output file(Path file) {
        Path absolute = Given.present(file, "Output.file: file").toAbsolutePath();
        return new Output(Kind.FILE, Optional.of(absolute));
    }

    /**
     * Returns the calling program's own stream of that number. {@link Sandbox#maxOutput} does not
     * limit it; if it is a terminal, the sandbox can read from it as well.
     */
    public static Output inherited() {
        return INHERITED;
    }

    Kind kind() {
        return kind;
    }

    /** Opens what the program gets; empty for {@code /dev/null}. Not for pipes. */
    Optional<Fd> open(Kernel kernel, int number) {
        return switch (kind) {
            case FILE ->
                    Optional.of(
                            kernel.files()
                                    .openOrCreate(
                                            kernel.files().here(),
                                            file.orElseThrow().toString(),
                                            MODE,
                                            OpenFlag.WRONLY,
                                            OpenFlag.TRUNC));
            case INHERITED -> Optional.of(Fd.of(kernel, number, "standard stream " + number));
            default -> Optional.empty();
        };
    }
}
