// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Fd;
import io.jrunc.linux.MountAttr;
import io.jrunc.linux.Mounts;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.EnumSet;

/**
 * Opens a procfs that is mounted nowhere. What is written through it cannot be redirected by
 * whatever the image or another container puts over /proc (CVE-2019-16884, CVE-2025-52881).
 */
record OpenPrivateProc() implements Step {
    @Override
    public String title() {
        return "open a procfs that no other process can reach";
    }

    @Override
    public String field() {
        return "linux.sysctl";
    }

    @Override
    public void apply(SetupContext context) {
        Mounts mounts = context.init().mounts();
        try (Fd proc = mounts.openFileSystem("proc")) {
            mounts.create(proc);
            context.setProc(mounts.mount(proc, EnumSet.noneOf(MountAttr.class)));
        }
    }
}
