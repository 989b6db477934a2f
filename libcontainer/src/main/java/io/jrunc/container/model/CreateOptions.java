// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import io.jrunc.linux.Kernel;
import io.jrunc.process.Activation;
import io.jrunc.setup.Plan;
import io.jrunc.setup.Step;
import java.util.Objects;
import java.util.Optional;

/**
 * How to create a container, beside what its specification says.
 *
 * @param consoleSocket the socket that gets the terminal's master, absolute
 * @param pidFile the file that gets init's pid, as the caller names it
 * @param pidfdSocket the socket that gets a descriptor of init, absolute
 * @param noPivot move the root file system over the host's root instead of pivot_root(2)
 * @param noNewKeyring leave it in the caller's session keyring
 * @param preservedDescriptors how many descriptors the container inherits, from 3 on or after those
 *     of {@code activation}
 * @param activation descriptors that the program's environment announces
 * @param reportsReadiness whether the program gets a socket to say that it is ready
 * @param foreground whether the caller waits for the container
 * @param streams what the program reads and writes; absent: what the spawner has for it
 * @param watcher receives each step
 */
@SuppressWarnings("exports") // for the command line
public record CreateOptions(
        Optional<String> consoleSocket,
        Optional<String> pidFile,
        Optional<String> pidfdSocket,
        boolean noPivot,
        boolean noNewKeyring,
        int preservedDescriptors,
        Activation activation,
        boolean reportsReadiness,
        boolean foreground,
        Optional<Streams> streams,
        Watcher watcher) {

    /** Watches a container being made. */
    public interface Watcher extends Plan.Listener {
        /**
         * Returns the kernel to use instead of that of process {@code name}, e.g. one that traces.
         */
        Kernel watch(Kernel kernel, String name);
    }

    /** Watches nothing. */
    public static final Watcher UNWATCHED =
            new Watcher() {
                @Override
                public Kernel watch(Kernel kernel, String name) {
                    return kernel;
                }

                @Override
                public void before(Step step) {}

                @Override
                public void after(Step step, long micros) {}
            };

    /** How many descriptors from 3 on are the container's, for whatever reason. */
    public int inheritedDescriptors() {
        return activation.count() + preservedDescriptors;
    }

    /** Whether pipes among the streams may be given to the program's user. */
    public boolean givesPipes() {
        return streams.map(Streams::areOurs).orElse(true);
    }

    /** The same with other streams. */
    public CreateOptions with(Streams others) {
        return new CreateOptions(
                consoleSocket,
                pidFile,
                pidfdSocket,
                noPivot,
                noNewKeyring,
                preservedDescriptors,
                activation,
                reportsReadiness,
                foreground,
                Optional.of(Objects.requireNonNull(others, "CreateOptions.with: others is null")),
                watcher);
    }

    /**
     * For a caller that waits for the container: a program that ends at once for want of memory is
     * no failure then, but a result.
     */
    public static CreateOptions awaited(Streams streams) {
        return simple(
                true,
                Optional.of(
                        Objects.requireNonNull(streams, "CreateOptions.awaited: streams is null")));
    }

    /** Nothing special: detached, without a terminal. */
    public static CreateOptions plain() {
        return simple(false, Optional.empty());
    }

    private static CreateOptions simple(boolean foreground, Optional<Streams> streams) {
        return new CreateOptions(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                0,
                Activation.NONE,
                false,
                foreground,
                streams,
                UNWATCHED);
    }
}
