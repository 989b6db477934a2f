package io.jrunc.process;

import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Kernel;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;

/** Gives the container a session keyring of its own, so that it sees none of the host's keys. */
public record JoinKeyring(String id, boolean userNamespace) implements Step {
    /** What a new session keyring has: all for its possessor; view, read, link for its user. */
    private static final long INITIAL = 0x3f130000;

    private static final long SEARCH_BY_USER = 0x80000;
    private static final long SEARCH_BY_OTHERS = 0x8;

    @Override
    public String title() {
        return "join a session keyring of its own";
    }

    @Override
    public void apply(Scene scene) {
        Kernel init = scene.init();
        Call join = init.credentials().joinSessionKeyring("_ses." + id);
        long key = join.tolerate(Errno.ENOSYS).submit().result();
        if (key > 0) {
            // So that an exec finds it; in a user namespace the owner is another than the searcher.
            long search = userNamespace ? SEARCH_BY_OTHERS : SEARCH_BY_USER;
            init.credentials().setKeyPermissions(key, INITIAL | search).submit();
        }
    }
}
