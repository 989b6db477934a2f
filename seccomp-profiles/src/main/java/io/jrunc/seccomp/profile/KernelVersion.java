// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.profile;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first two numbers of a kernel's version: what profiles compare. */
public record KernelVersion(int major, int minor) implements Comparable<KernelVersion> {
    /** Docker reads each number into 8 bits. */
    private static final Pattern EXACT = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})");

    private static final Pattern BEGINNING = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})(\\D.*)?");
    private static final int MAX = 255;

    public KernelVersion {
        if (major < 0 || major > MAX || minor < 0 || minor > MAX) {
            throw new IllegalArgumentException(major + "." + minor);
        }
    }

    /** That of the running kernel. */
    public static KernelVersion ofThisMachine() {
        String release = System.getProperty("os.version");
        return ofRelease(release).orElseThrow(() -> new IllegalStateException(release));
    }

    /** Parses {@code 4.8}, and nothing longer, as {@code minKernel} has it. */
    public static Optional<KernelVersion> parse(String text) {
        return of(EXACT.matcher(text));
    }

    /** Returns the beginning of what {@code uname -r} prints: 6.1 of {@code 6.1.0-18-amd64}. */
    public static Optional<KernelVersion> ofRelease(String release) {
        return of(BEGINNING.matcher(release));
    }

    private static Optional<KernelVersion> of(Matcher matcher) {
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int major = Integer.parseInt(matcher.group(1));
        int minor = Integer.parseInt(matcher.group(2));
        return major > MAX || minor > MAX || major + minor == 0
                ? Optional.empty()
                : Optional.of(new KernelVersion(major, minor));
    }

    @Override
    public int compareTo(KernelVersion other) {
        return major == other.major
                ? Integer.compare(minor, other.minor)
                : Integer.compare(major, other.major);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
