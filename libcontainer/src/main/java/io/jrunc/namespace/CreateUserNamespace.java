// SPDX-License-Identifier: Apache-2.0
package io.jrunc.namespace;

import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Kernel;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.IdMapping;
import java.util.List;
import java.util.Set;

/** Creates a user namespace and writes its maps from outside. user_namespaces(7). */
record CreateUserNamespace(List<IdMapping> uids, List<IdMapping> gids) implements Step {
    @Override
    public Actor actor() {
        return Actor.STAGE;
    }

    @Override
    public String title() {
        return "create a user namespace, root in it being uid " + hostRoot() + " outside";
    }

    private String hostRoot() {
        for (IdMapping mapping : uids) {
            if (mapping.containerId() == 0) {
                return Long.toString(mapping.hostId());
            }
        }
        return "unmapped";
    }

    @Override
    public String field() {
        return "linux.uidMappings";
    }

    @Override
    public void apply(SetupContext context) {
        Kernel stage = context.stage();
        stage.processes().unshare(Set.of(CloneFlag.NEWUSER));
        // The maps can only be written while the process is dumpable, and by its owner or root.
        stage.processes().setDumpable(true);
        stage.flush();
        new IdMaps(context).write(uids, gids);
        stage.processes().setDumpable(false);
        JoinNamespaces.becomeRoot(stage);
    }
}
