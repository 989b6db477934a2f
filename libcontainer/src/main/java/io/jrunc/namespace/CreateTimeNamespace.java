// SPDX-License-Identifier: Apache-2.0
package io.jrunc.namespace;

import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.Clock;
import io.jrunc.spec.TimeOffset;
import java.util.Map;
import java.util.Set;

/**
 * Creates a time namespace for the children of the stage and sets its clocks. time_namespaces(7).
 */
record CreateTimeNamespace(Map<Clock, TimeOffset> offsets) implements Step {
    @Override
    public Actor actor() {
        return Actor.STAGE;
    }

    @Override
    public String title() {
        return "create a time namespace";
    }

    @Override
    public String field() {
        return "linux.timeOffsets";
    }

    @Override
    public void apply(SetupContext context) {
        context.stage().processes().unshare(Set.of(CloneFlag.NEWTIME));
        context.stage().flush();
        if (offsets.isEmpty()) {
            return;
        }
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<Clock, TimeOffset> offset : offsets.entrySet()) {
            lines.append(offset.getKey().specName()).append(' ');
            lines.append(offset.getValue().secs()).append(' ');
            lines.append(offset.getValue().nanosecs()).append('\n');
        }
        // From outside: this needs CAP_SYS_TIME in the first user namespace.
        Files files = context.runtime().files();
        String path = "/proc/" + context.stagePid() + "/timens_offsets";
        try (Fd file = files.open(path, OpenFlag.WRONLY)) {
            files.write(file, lines.toString()).result();
        }
    }
}
