package io.jrunc.seccomp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The profiles that come with this module, each an object like {@code linux.seccomp}. */
public enum BundledProfile {
    /** What Docker allows a container without special capabilities; all 32-bit programs, too. */
    DEFAULT("default.json"),
    /**
     * What ordinary programs without any capability need, by programs for this machine's own
     * instruction set; nothing else.
     */
    HARDENED("hardened.json");

    private final String file;

    BundledProfile(String file) {
        this.file = file;
    }

    /** The document, UTF-8. */
    public byte[] json() {
        try (InputStream in = BundledProfile.class.getResourceAsStream(file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
