// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How to run a further process in a container, beside what its specification says.
 *
 * @param consoleSocket the socket that gets the terminal's master, absolute
 * @param pidFile the file that gets the pid, as the caller names it
 * @param pidfdSocket the socket that gets a descriptor of the process, absolute
 * @param preservedDescriptors how many descriptors from 3 on the process inherits
 * @param foreground whether the caller waits for it
 * @param ignorePaused whether a paused container is no obstacle
 * @param cgroups where in the container's cgroups it goes, by v1 controller, "" for v2; absent is
 *     where its first process is
 * @param streams what the program reads and writes; absent: what the spawner has for it
 * @param watcher receives each step
 */
public record ExecOptions(
        Optional<String> consoleSocket,
        Optional<String> pidFile,
        Optional<String> pidfdSocket,
        int preservedDescriptors,
        boolean foreground,
        boolean ignorePaused,
        Map<String, String> cgroups,
        Optional<Streams> streams,
        CreateOptions.Watcher watcher) {
    public ExecOptions {
        cgroups = Map.copyOf(cgroups);
    }

    /** Whether pipes among the streams may be given to the program's user. */
    public boolean givesPipes() {
        return streams.map(Streams::areOurs).orElse(true);
    }

    /** The same with other streams. */
    public ExecOptions with(Streams others) {
        return new ExecOptions(
                consoleSocket,
                pidFile,
                pidfdSocket,
                preservedDescriptors,
                foreground,
                ignorePaused,
                cgroups,
                Optional.of(Objects.requireNonNull(others, "ExecOptions.with: others is null")),
                watcher);
    }

    /** The same for a container that may be paused: the process runs when it is resumed. */
    public ExecOptions ignoringPaused() {
        return new ExecOptions(
                consoleSocket,
                pidFile,
                pidfdSocket,
                preservedDescriptors,
                foreground,
                true,
                cgroups,
                streams,
                watcher);
    }

    /** Nothing special: detached, without a terminal. */
    public static ExecOptions plain() {
        return new ExecOptions(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                false,
                false,
                Map.of(),
                Optional.empty(),
                CreateOptions.UNWATCHED);
    }
}
