// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Propagation;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;

/**
 * Has the stage join the mount namespace of a container that runs, and take hold of its root. Init,
 * if there is one, makes mounts in a copy of the host's mounts that it keeps to itself, where no
 * process of the container can reach it; the stage only resolves targets, attaches and detaches.
 *
 * @param namespace open in the runtime
 */
public record JoinRunningRoot(Fd namespace) implements Step {
    @Override
    public Actor actor() {
        return Actor.STAGE;
    }

    @Override
    public String title() {
        return "join the container's mount namespace";
    }

    @Override
    public String field() {
        return "mounts";
    }

    @Override
    public void apply(SetupContext context) {
        if (context.hasInit()) {
            Kernel init = context.init();
            try (Fd host = init.files().open("/", OpenFlag.PATH, OpenFlag.DIRECTORY)) {
                init.mounts().setPropagation(host, Propagation.SLAVE, true);
            }
        }
        Kernel stage = context.stage();
        stage.processes().joinNamespace(namespace, CloneFlag.NEWNS).submit();
        Files files = stage.files();
        context.setRoot(files.open("/", OpenFlag.PATH, OpenFlag.DIRECTORY));
    }
}
