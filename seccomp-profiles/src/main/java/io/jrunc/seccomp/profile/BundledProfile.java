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
     * As {@link #STRICT}, but what it would refuse is made and logged: who runs a program with it
     * learns whether the strict profile is enough, and what is missing. Of the default profile, one
     * would learn little, since hardly any program goes beyond it.
     */
    AUDIT("strict.json");

    private final String file;

    BundledProfile(String file) {
        this.file = file;
    }

    /** The one that people call {@code default}, {@code strict} or {@code audit}. */
    public static Optional<BundledProfile> named(String name) {
        for (BundledProfile profile : values()) {
            if (profile.word().equals(name)) {
                return Optional.of(profile);
            }
        }
        return Optional.empty();
    }

    /** What people call it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The document that it is made of, UTF-8. */
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
