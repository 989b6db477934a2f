// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.seccomp;

import io.jrunc.cli.command.ContainerCommand;
import io.jrunc.cli.command.Context;
import io.jrunc.confinement.record.DenialsInLog;
import io.jrunc.container.Container;
import io.jrunc.linux.Failure;
import io.jrunc.state.PidOwner;
import java.util.List;
import java.util.Map;

/** Tells which calls of a container its filter has denied, and which rule did. */
final class SeccompWhyCommand extends ContainerCommand {
    SeccompWhyCommand() {
        super(
                "seccomp why",
                "Tells which calls of a container were denied, and by which rule of its profile.");
    }

    @Override
    public Map<String, String> exitStatuses() {
        return statuses("calls were denied", "the log has none of this container");
    }

    @Override
    public void act(Context context, Container container) {
        DenialsInLog log = DenialsInLog.of(context.kernel(), container);
        List<DenialsInLog.Found> all = log.all();
        if (all.isEmpty()) {
            throw Failure.of(Failure.Code.NOT_FOUND, log.silence());
        }
        StringBuilder text = new StringBuilder();
        for (DenialsInLog.Found found : all) {
            text.append(found.denial().time()).append(' ');
            text.append(found.denial().sentence()).append(doubt(found.answer())).append('\n');
        }
        context.print(text.toString());
    }

    private static String doubt(PidOwner.Answer answer) {
        return switch (answer) {
            case INIT_UNLESS_REUSED -> " [init, unless a later process has had its pid]";
            case UNKNOWN -> " [perhaps another's: the process is gone]";
            default -> "";
        };
    }
}
