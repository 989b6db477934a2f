// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.guard;

import io.jrunc.cli.Main;
import java.nio.file.Path;

/** The runtime, to be killed after its n-th step: {@code KilledMain VICTIM STEP REPORT}. */
public final class KilledMain {
    private KilledMain() {}

    /** Serves the launcher's request as {@link Main} does, as far as it gets. */
    public static void main(String[] args) {
        Guards.post(
                new Killer(
                        Killer.Victim.valueOf(args[0]),
                        Integer.parseInt(args[1]),
                        Path.of(args[2])));
        Main.main(args);
    }
}
