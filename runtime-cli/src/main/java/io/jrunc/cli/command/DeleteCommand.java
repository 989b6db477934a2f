// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.confinement.record.DenialsInLog;
import io.jrunc.container.Container;
import io.jrunc.container.Containers;
import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.spec.OciState;
import java.util.List;
import java.util.Optional;

/** Removes a container. */
public final class DeleteCommand extends Command {
    /**
     * For the launcher of a foreground run whose container was killed: reports why, if it can.
     * Names the container's init: the id may belong to another container by then.
     */
    static final String EXIT_REPORT = "--exit-report";

    public DeleteCommand() {
        super("delete", "Removes a container that has stopped, and all that belongs to it.");
    }

    @Override
    public void describe(Syntax syntax) {
        syntax.flag("kill it first; none of that name is no error", "-f", "--force");
        syntax.hidden(EXIT_REPORT);
        syntax.flag("remove all containers", "-a", "--all");
        syntax.flag("the id is a regular expression for several", "-r", "--regex");
        syntax.optional(CONTAINER);
    }

    @Override
    protected int required(Arguments arguments, int described) {
        return arguments.has("--all") ? described : 1;
    }

    @Override
    public int run(Context context, Arguments arguments) {
        List<String> words = arguments.operands();
        boolean all = arguments.has("--all");
        String word = words.isEmpty() ? "" : words.get(0);
        Containers containers = context.containers();
        context.launcher().watch(); // a hook may wait without end
        try (AuditTrail trail = AuditTrail.of(context)) {
            for (String id : Selection.of(containers, word, all, arguments.has("--regex"))) {
                delete(context, arguments, containers, id, trail);
            }
        }
        return 0;
    }

    private static void delete(
            Context context,
            Arguments arguments,
            Containers containers,
            String id,
            AuditTrail trail) {
        boolean force = arguments.has("--force");
        boolean gone = false;
        // Another command may create or remove it meanwhile; then it is looked for again.
        while (!gone) {
            Optional<Container> container;
            try {
                container = containers.find(id);
            } catch (Failure f) {
                if (!force || f.code() != Failure.Code.DAMAGED) {
                    throw f;
                }
                context.log().warn(f.getMessage());
                gone = removeLost(context, containers, id);
                continue;
            }
            if (container.isEmpty()) {
                gone = containers.sweep(id);
                if (gone && !force) {
                    containers.load(id);
                }
            } else {
                gone = delete(context, arguments, container.get(), trail);
            }
        }
    }

    private static boolean removeLost(Context context, Containers containers, String id) {
        Host host = context.host();
        return containers.removeLost(id, host, context.cgroups(host), context.log()::warn);
    }

    /** Returns false if another command removes it, too, and was faster. */
    private static boolean delete(
            Context context, Arguments arguments, Container container, AuditTrail trail) {
        boolean force = arguments.has("--force");
        try (container) {
            String init = arguments.value(EXIT_REPORT, "");
            if (!init.isEmpty() && !init.equals(container.initIdentity())) {
                return true;
            }
            if (!init.isEmpty()) {
                tellOfItsEnd(context, container);
            }
            boolean started = container.wasStarted();
            boolean killed = container.status().isAlive();
            OciState state = container.ociState("");
            container.delete(force, context.log()::warn);
            if (started) {
                trail.stopped(state, container.initPid(), killed);
            }
            return true;
        } catch (Failure f) {
            if (!force || f.code() != Failure.Code.NOT_FOUND) {
                throw f;
            }
            return false;
        }
    }

    private static void tellOfItsEnd(Context context, Container container) {
        container.memoryShortage().ifPresent(why -> context.log().warn(why.getMessage()));
        if (container.spec().linux().seccomp().isEmpty()) {
            return;
        }
        try {
            DenialsInLog.of(context.kernel(), container)
                    .deathOfInit()
                    .ifPresent(why -> context.log().warn("init was killed: " + why.sentence()));
        } catch (Failure f) {
            context.log().debug(f.getMessage()); // without permission to read the log, nothing
            // is reported
        }
    }
}
