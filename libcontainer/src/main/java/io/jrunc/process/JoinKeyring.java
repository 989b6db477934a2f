// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.lsm.LabelFile;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.Optional;

/**
 * Gives the container a session keyring of its own, so that it sees none of the host's keys.
 *
 * @param name one that nothing else on the host has, nor can guess: a keyring of that name which
 *     another user made before would be joined instead
 * @param label the SELinux context of the keyring; absent: it has that of the runtime
 */
public record JoinKeyring(String name, boolean userNamespace, Optional<String> label)
        implements Step {
    /** What a new session keyring has: all for its possessor; view, read, link for its user. */
    private static final long INITIAL = 0x3f130000;

    private static final long SEARCH_BY_USER = 0x80000;
    private static final long SEARCH_BY_OTHERS = 0x8;

    /** Keys get the label of their creator again. proc_pid_attr(5). */
    private static final String NO_LABEL = "\n";

    /**
     * Returns the name of the keyring of container {@code id}: as runc's, but not to be guessed.
     */
    public static String nameFor(String id, String random) {
        return "_ses." + id + "." + random;
    }

    @Override
    public String title() {
        return "join a session keyring of its own";
    }

    @Override
    public boolean isDeferrable() {
        return label.isEmpty();
    }

    @Override
    public void apply(SetupContext context) {
        joinBy(context.runtime(), context.init());
    }

    /** Gives it to {@code process}, whose children get it from there. */
    public void joinBy(Kernel runtime, Kernel process) {
        if (label.isEmpty()) {
            join(process);
            return;
        }
        try (Fd keys = LabelFile.open(runtime, process, LabelFile.KEY_CREATE)) {
            process.files().write(keys, label.get());
            join(process);
            // Only now: the keyring is what must have the label, not what hooks may create.
            process.files().write(keys, NO_LABEL);
        }
    }

    private void join(Kernel process) {
        Call join = process.credentials().joinSessionKeyring(name);
        join.tolerate(Errno.ENOSYS).submit();
        // So that an exec finds it; in a user namespace the owner is another than the searcher.
        long search = userNamespace ? SEARCH_BY_OTHERS : SEARCH_BY_USER;
        process.credentials().setKeyPermissions(join, name, INITIAL | search).submit();
    }
}
