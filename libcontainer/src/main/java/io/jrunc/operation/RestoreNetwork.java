// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.container.model.CreateOptions;
import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.namespace.RaiseLoopback;
import io.jrunc.network.MoveNetDevices;
import io.jrunc.setup.Phase;
import io.jrunc.setup.Plan;
import io.jrunc.setup.SetupContext;
import io.jrunc.spec.NetDevice;
import java.util.Map;
import java.util.Set;

/**
 * The network namespace of a container that has devices of the host. It is made as create makes it:
 * criu would make other devices, of which none leads to the host.
 */
record RestoreNetwork(
        Kernel kernel,
        SetupContext.Spawner spawner,
        Map<String, NetDevice> devices,
        CreateOptions.Watcher watcher) {
    /**
     * Makes it, in a process that ends at once.
     *
     * @param restoring gets the way back
     * @return the namespace, open in the stage of {@code restoring}
     */
    Fd make(SetupContext restoring) {
        SetupContext context = new SetupContext(kernel, spawner);
        try {
            context.startStage();
            context.stage().processes().unshare(Set.of(CloneFlag.NEWNET));
            context.setInit(context.stage(), context.stagePid());
            Plan.Recipe recipe = new Plan.Recipe();
            recipe.add(Phase.NAMESPACES, new RaiseLoopback());
            recipe.add(Phase.NAMESPACES, new MoveNetDevices(devices));
            recipe.build().play(context, watcher);
            String path = "/proc/" + context.stagePid() + "/ns/net";
            Fd made = restoring.stage().files().open(path, OpenFlag.RDONLY);
            restoring.stage().flush(); // while the process that made it is there
            context.endStage();
            restoring.rollback().takeOver(context.rollback());
            return made;
        } catch (RuntimeException f) {
            throw context.rollback().undo(f);
        }
    }
}
