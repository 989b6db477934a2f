// SPDX-License-Identifier: Apache-2.0
package io.jrunc.credentials;

import io.jrunc.linux.Credentials;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Kernel;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.User;
import java.util.List;
import java.util.Optional;

/**
 * The user and groups that the program runs as.
 *
 * @param groups the supplementary ones; absent: those of the caller stay
 */
public record Identity(long uid, long gid, Optional<List<Long>> groups) {
    private static final long UNCHANGED = -1;

    /** Returns the identity in {@code process.user}. */
    public static Identity of(ProcessSpec process) {
        User user = process.user();
        return new Identity(user.uid(), user.gid(), Optional.of(user.additionalGids()));
    }

    /** The same with the supplementary groups that there are, if {@code kept}. */
    public Identity keepingGroups(boolean kept) {
        return kept ? new Identity(uid, gid, Optional.empty()) : this;
    }

    /** Acts as this user for a while, keeping the right to return. */
    public void assume(Kernel kernel) {
        setGroups(kernel);
        kernel.credentials().setGids(UNCHANGED, gid, UNCHANGED).submit();
        kernel.credentials().setUids(UNCHANGED, uid, UNCHANGED).submit();
    }

    /** Ends what {@link #assume} began. */
    public void resume(Kernel kernel) {
        kernel.credentials().setUids(UNCHANGED, 0, UNCHANGED).submit();
        kernel.credentials().setGids(UNCHANGED, 0, UNCHANGED).submit();
    }

    /**
     * Switches to this user irrevocably. The caller's groups are dropped, also without new ones.
     */
    void become(Kernel kernel) {
        Credentials credentials = kernel.credentials();
        setGroups(kernel);
        credentials.setGids(gid, gid, gid).submit();
        credentials.setUids(uid, uid, uid).submit();
    }

    /** Where /proc/self/setgroups denies it and none are wanted, nothing can be or need be done. */
    private void setGroups(Kernel kernel) {
        if (groups.isEmpty()) {
            return; // they stay
        }
        var call = kernel.credentials().setGroups(groups.get());
        if (groups.get().isEmpty()) {
            call.tolerate(Errno.EPERM);
        }
        call.submit();
    }
}
