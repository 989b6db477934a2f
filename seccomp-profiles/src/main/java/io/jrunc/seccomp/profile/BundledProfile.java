// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.profile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;

/** The profiles that come with this module, as documents for an {@link EngineProfile}. */
public enum BundledProfile {
    /** What Docker allows a container; programs for all instruction sets of this machine. */
    DEFAULT("default.json"),
    /**
     * What ordinary programs without any capability need, by programs for this machine's own
     * instruction set; nothing else.
     */
    STRICT("strict.json"),
    /**
     * As {@link #STRICT}, but calls that it would refuse are made and logged: this shows whether
     * the strict profile is enough for a program, and which calls are missing. Few programs exceed
     * the default profile, so a log of that one would show little.
     */
    AUDIT("strict.json");

    private final String file;

    BundledProfile(String file) {
        this.file = file;
    }

    /** Returns the one that people call {@code default}, {@code strict} or {@code audit}. */
    public static Optional<BundledProfile> named(String name) {
        for (BundledProfile profile : values()) {
            if (profile.word().equals(name)) {
                return Optional.of(profile);
            }
        }
        return Optional.empty();
    }

    /** Returns what people call it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the document that it is made of, UTF-8. */
    public byte[] json() {
        try (InputStream in = BundledProfile.class.getResourceAsStream(file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the profile of what the document says. */
    public EngineProfile of(EngineProfile document) {
        return this == AUDIT ? document.loggingRefusals() : document;
    }
}
