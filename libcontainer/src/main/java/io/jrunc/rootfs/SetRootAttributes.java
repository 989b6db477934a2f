// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.MountAttr;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Propagation;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.Optional;
import java.util.Set;

/**
 * What the root can only become once everything is in place.
 *
 * @param propagation shared or unbindable; absent leaves it alone
 * @param recursive whether the mounts below change as well
 */
record SetRootAttributes(boolean readOnly, Optional<Propagation> propagation, boolean recursive)
        implements Step {
    @Override
    public String title() {
        if (propagation.isEmpty()) {
            return "make the root read-only";
        }
        String spread = propagation.get().name().toLowerCase(java.util.Locale.ROOT);
        return "make the root " + spread + (readOnly ? " and read-only" : "");
    }

    @Override
    public String field() {
        return readOnly ? "root.readonly" : "linux.rootfsPropagation";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        Kernel init = context.init();
        try (Fd root = init.files().open("/", OpenFlag.PATH, OpenFlag.DIRECTORY)) {
            if (readOnly) {
                Set<MountAttr> set = Set.of(MountAttr.RDONLY);
                init.mounts().setAttributes(root, false, set, Set.of()).submit();
            }
            if (propagation.isPresent()) {
                init.mounts().setPropagation(root, propagation.get(), recursive);
            }
        }
    }
}
