// SPDX-License-Identifier: Apache-2.0
package io.jrunc.lsm;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.spec.ProcessSpec;

/**
 * The AppArmor profile that a created container's init has asked for and gets with execve(2). If
 * the profile is removed meanwhile, the kernel replaces it by "unconfined" in every process that
 * has it or waits for it: the program would run without any confinement. Only a task itself can
 * read what it has asked for, and init may do nothing any more; so the list of loaded profiles is
 * read. A profile that was removed and loaded again is not noticed. Source: apparmor_parser(8).
 */
public final class PendingProfile {
    private static final String UNCONFINED = "unconfined";
    private static final String LOADED = "/sys/kernel/security/apparmor/profiles";

    private PendingProfile() {}

    /** Returns the profile that {@code process} is to have; empty if it is to be unconfined. */
    public static String of(ProcessSpec process) {
        return process.apparmorProfile().filter(name -> !name.equals(UNCONFINED)).orElse("");
    }

    /**
     * Throws a {@link Failure} if {@code profile} is not loaded any more. Where the list of
     * profiles cannot be read, and for stacked profiles and those of other namespaces, nothing is
     * checked.
     *
     * @param profile empty: there is none
     */
    public static void requireLoaded(Kernel runtime, String profile) {
        if (profile.isEmpty() || profile.startsWith(":") || profile.contains("&")) {
            return;
        }
        try (Fd file = runtime.files().openIfReadable(LOADED, OpenFlag.RDONLY)) {
            if (file.isOpen() && !isIn(runtime.files().readText(file), profile)) {
                throw Failure.invalid(
                        LabelKind.APPARMOR_PROFILE.field(),
                        "\"" + profile + "\" was removed after the container was created",
                        "load it with apparmor_parser -r FILE, and create the container anew");
            }
        }
    }

    /** A line is a name and its mode in parentheses. */
    static boolean isIn(String list, String profile) {
        return ("\n" + list).contains("\n" + profile + " (");
    }
}
