// SPDX-License-Identifier: Apache-2.0
package io.jrunc.namespace;

import io.jrunc.linux.Call;
import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Joins namespaces. All are open before any is joined: their paths may lead elsewhere then. */
public record JoinNamespaces(List<Joined> namespaces) implements Step {
    /**
     * A namespace that exists.
     *
     * @param path for messages, and to open it if it is not open yet
     * @param opened it, open in the runtime; absent: the joining process opens the path
     */
    public record Joined(String path, CloneFlag type, Optional<Fd> opened)
            implements AutoCloseable {
        /** Returns one that a path leads to. */
        public static Joined at(String path, CloneFlag type) {
            return new Joined(path, type, Optional.empty());
        }

        /** Returns one that is open, and closed after joining. */
        public static Joined open(String path, CloneFlag type, Fd opened) {
            return new Joined(path, type, Optional.of(opened));
        }

        /** It, open; to be closed. */
        Fd openedFor(Kernel kernel) {
            return opened.orElseGet(() -> kernel.files().open(path, OpenFlag.RDONLY));
        }

        /** Closes it, if it was not joined. */
        @Override
        public void close() {
            opened.ifPresent(Fd::close);
        }
    }

    public JoinNamespaces {
        namespaces = List.copyOf(namespaces);
    }

    @Override
    public Actor actor() {
        return Actor.STAGE;
    }

    @Override
    public String title() {
        StringBuilder paths = new StringBuilder("join");
        for (Joined namespace : namespaces) {
            paths.append(' ').append(namespace.path);
        }
        return paths.toString();
    }

    @Override
    public String field() {
        return "linux.namespaces";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        Kernel stage = context.stage();
        // A process that has joined must not be traceable from inside (CVE-2016-9962).
        stage.processes().setDumpable(false);
        List<Fd> open = new ArrayList<>();
        for (Joined namespace : namespaces) {
            open.add(namespace.openedFor(stage));
        }
        boolean[] done = new boolean[namespaces.size()];
        // As the user that we are: what that may join, it may have to join before it changes.
        joinAll(stage, open, done, false);
        joinUser(stage, open, done);
        joinAll(stage, open, done, true);
        for (Fd fd : open) {
            fd.close();
        }
    }

    private void joinUser(Kernel stage, List<Fd> open, boolean[] done) {
        for (int i = 0; i < open.size(); i++) {
            if (namespaces.get(i).type == CloneFlag.NEWUSER) {
                stage.processes().joinNamespace(open.get(i), CloneFlag.NEWUSER).submit().result();
                becomeRoot(stage);
                done[i] = true;
            }
        }
    }

    private void joinAll(Kernel stage, List<Fd> open, boolean[] done, boolean last) {
        Call[] joins = new Call[open.size()];
        for (int i = 0; i < joins.length; i++) {
            CloneFlag type = namespaces.get(i).type;
            if (!done[i] && type != CloneFlag.NEWUSER) {
                Call join = stage.processes().joinNamespace(open.get(i), type);
                joins[i] = join.tolerate(Errno.EPERM).submit(); // all in one batch
            }
        }
        for (int i = 0; i < joins.length; i++) {
            done[i] |= joins[i] != null && joins[i].result() == 0;
            if (joins[i] != null && !done[i] && last) {
                throw Failure.syscall(
                        "setns",
                        open.get(i).name(),
                        Errno.EPERM,
                        "it belongs to another user namespace; join that one as well");
            }
        }
    }

    /** Switches to uid 0 of a joined or created user namespace; until then the ids are unmapped. */
    static void becomeRoot(Kernel kernel) {
        kernel.credentials().setGids(0, 0, 0).submit();
        kernel.credentials().setUids(0, 0, 0).submit();
    }
}
