// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.lab;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * An experiment.
 *
 * @param name the word that calls it, and, after {@code lab-}, the id of its container
 * @param shows what it shows, in one sentence
 * @param needs what a host may lack
 * @param experiment its steps
 */
record Lab(String name, String shows, Set<Need> needs, Consumer<Bench> experiment) {
    Lab(String name, String shows, Consumer<Bench> experiment) {
        this(name, shows, Set.of(), experiment);
    }

    /** All experiments, from the simplest to those that need most. */
    static List<Lab> all() {
        return List.of(
                NamespaceLabs.PID,
                NamespaceLabs.HOSTNAME,
                NamespaceLabs.NETWORK,
                NamespaceLabs.MOUNTS,
                NamespaceLabs.USER,
                CgroupLabs.MEMORY,
                CgroupLabs.CPU,
                CgroupLabs.TASKS,
                RightsLabs.CAPABILITY,
                RightsLabs.DEVICES,
                RightsLabs.SECCOMP,
                RightsLabs.APPARMOR,
                RightsLabs.SELINUX,
                EscapeLabs.RUNTIME_BINARY,
                EscapeLabs.LEAKED_DIRECTORY,
                EscapeLabs.HARDENING);
    }
}
