// SPDX-License-Identifier: Apache-2.0
package io.jrunc.setup;

/**
 * When a step is taken. A container goes through all phases; a further process in it, through those
 * that concern a process.
 */
public enum Phase {
    /** Before there is a process: cgroups and resource groups, where a limit may be refused. */
    CGROUPS,
    /** The stage joins and creates namespaces, and clones init into them. */
    NAMESPACES,
    /** Init proves that it may take its security labels, and joins its keyring. */
    LABELS,
    /** Everything that needs the host's files is mounted below the new root. */
    MOUNTS,
    /** Hooks that need the container's mounts and still see the host's files. */
    HOOKS,
    /** The new root becomes the root; the host's files are gone. */
    PIVOT,
    /** What was mounted becomes read-only, masked or otherwise restricted. */
    RESTRICT,
    /** The program, its user's home and its working directory are looked up. */
    PROCESS,
    /** Init joins its cgroups, and gets its place on the machine: processors, priority, memory. */
    PLACE,
    /** Init takes the program's labels, user and capabilities: no further right is needed. */
    PRIVILEGES,
    /** A created container stops before this phase; "start" takes it up here. */
    START_HOOKS,
    /**
     * Limits, no_new_privs, seccomp filter, execve(2): one batch, for the filter may forbid all.
     */
    EXEC,
    /** The program runs. */
    POSTSTART;

    /**
     * Returns whether what this phase has asked for must be known before {@code next} begins: the
     * user, its groups and capabilities are taken when all look-ups have been decided on.
     */
    boolean isDecided(Phase next) {
        return this == PROCESS && next != PROCESS;
    }
}
