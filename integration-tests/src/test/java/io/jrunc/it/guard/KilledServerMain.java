// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.guard;

import io.jrunc.cli.serve.Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A resident runtime, to be killed after the n-th step that it takes once a file says n: {@code
 * KilledServerMain FILE REPORT}, and the arguments of {@link Server}.
 */
public final class KilledServerMain {
    private static final long TICK_MILLIS = 1;

    private KilledServerMain() {}

    /** Serves, as far as it gets. */
    public static void main(String[] args) {
        Thread arming = new Thread(() -> arm(Path.of(args[0]), Path.of(args[1])), "arming");
        arming.setDaemon(true);
        arming.start();
        Server.main(Arrays.copyOfRange(args, 2, args.length));
    }

    /** Posts the guard when the file is there, and removes it to say so. */
    private static void arm(Path file, Path report) {
        try {
            while (!Files.exists(file)) {
                Thread.sleep(TICK_MILLIS);
            }
            int step = Integer.parseInt(Files.readString(file).strip());
            Guards.post(new Killer(Killer.Victim.JAVA, step, report));
            Files.delete(file);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
