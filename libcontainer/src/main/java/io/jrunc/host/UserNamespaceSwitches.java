// SPDX-License-Identifier: Apache-2.0
package io.jrunc.host;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Strings;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The switches with which an administrator or a distribution refuses user namespaces.
 * user_namespaces(7); the two in {@code kernel} are of Debian and Ubuntu.
 */
public final class UserNamespaceSwitches {
    private static final String MAX = "/proc/sys/user/max_user_namespaces";
    private static final String CLONE = "/proc/sys/kernel/unprivileged_userns_clone";
    private static final String APPARMOR = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
    private static final String LABEL = "/proc/self/attr/current";

    private final UnaryOperator<String> files;
    private final boolean root;

    /**
     * @param files returns the text of a file; empty if it is missing
     * @param root whether the caller is root, where it runs
     */
    public UserNamespaceSwitches(UnaryOperator<String> files, boolean root) {
        this.files = files;
        this.root = root;
    }

    /** Returns those of this host, for this process. */
    public static UserNamespaceSwitches ofThisHost() {
        return new UserNamespaceSwitches(Strings::ofFileIfReadable, Host.effectiveUid() == 0);
    }

    /** Returns the most that there may be; 0 without support in the kernel. */
    public String max() {
        String max = text(MAX);
        return max.isEmpty() ? "0" : max;
    }

    /** Returns what would have to be changed; empty if no switch refuses user namespaces. */
    public Optional<String> remedy() {
        if (text(MAX).isEmpty()) {
            return Optional.of("use a kernel with CONFIG_USER_NS");
        }
        if (max().equals("0")) {
            return Optional.of("sysctl user.max_user_namespaces=10000");
        }
        if (root) {
            return Optional.empty();
        }
        if (text(CLONE).equals("0")) {
            return Optional.of("sysctl kernel.unprivileged_userns_clone=1");
        }
        // A profile with the rule userns, of which only the name is needed, is not restricted.
        boolean confined = !text(LABEL).isEmpty() && !text(LABEL).equals("unconfined");
        if (text(APPARMOR).equals("1") && !confined) {
            return Optional.of(
                    "sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile"
                            + " for jrunc with the rule userns");
        }
        return Optional.empty();
    }

    /**
     * Returns the failure to make a container with a user namespace, with the remedy if a switch
     * refuses them: ENOSPC for the limit, EPERM for Debian's, and for AppArmor EACCES or EPERM of
     * the first call that needs a capability in the namespace.
     */
    public Failure explained(Failure failure) {
        if (!failure.is(Errno.ENOSPC) && !failure.is(Errno.EPERM) && !failure.is(Errno.EACCES)) {
            return failure;
        }
        return remedy().map(
                        remedy -> failure.hinting("this host refuses user namespaces: " + remedy))
                .orElse(failure);
    }

    private String text(String file) {
        return files.apply(file).strip();
    }
}
