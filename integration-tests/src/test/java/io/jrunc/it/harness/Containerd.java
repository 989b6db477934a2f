// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The containerd that Kubernetes' interface is tested with: Debian 13's beside the host's programs,
 * or, with {@code -Djrunc.containerd=/}, the host's.
 */
public final class Containerd {
    /** Where {@code scripts/install-dependencies test} unpacks it. */
    private static final String ASIDE = "/var/cache/jrunc-tests/containerd";

    private static final Path ROOT = Path.of(System.getProperty("jrunc.containerd", ASIDE));

    private Containerd() {}

    static boolean isThere() {
        return Files.exists(directory().resolve("containerd"))
                && Files.exists(networkPlugins().resolve("bridge"));
    }

    /** The directory of containerd, its shim, and ctr. */
    public static Path directory() {
        return ROOT.resolve("usr/bin");
    }

    /** The directory of the plugins that give pods a network. */
    public static Path networkPlugins() {
        return ROOT.resolve("usr/lib/cni");
    }
}
