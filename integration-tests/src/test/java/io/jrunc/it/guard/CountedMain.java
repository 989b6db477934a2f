// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.guard;

import io.jrunc.cli.Main;
import java.nio.file.Path;

/** The runtime, which writes down at its end what it has cost: {@code CountedMain REPORT}. */
public final class CountedMain {
    private CountedMain() {}

    /** Serves the launcher's request as {@link Main} does. */
    public static void main(String[] args) {
        Guards.post(new Counter(Path.of(args[0])));
        Main.main(args);
    }
}
