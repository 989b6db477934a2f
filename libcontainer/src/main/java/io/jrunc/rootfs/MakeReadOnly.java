// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.MountAttr;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.Set;

/** Makes a mount read-only now that its mount points and devices are in it. */
record MakeReadOnly(int index, String destination) implements Step {
    @Override
    public String title() {
        return "make " + destination + " read-only";
    }

    @Override
    public String field() {
        return "mounts[" + index + "]";
    }

    @Override
    public void apply(SetupContext context) {
        Kernel init = context.init();
        try (Fd mount = new RootedPaths(context.root()).directory(destination)) {
            init.mounts().setAttributes(mount, false, Set.of(MountAttr.RDONLY), Set.of()).submit();
        }
    }
}
