// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.Optional;

/**
 * Takes hold of the root of a container that is there already.
 *
 * @param root that of its init, open in the runtime, where joining its mount namespace does not
 *     lead there because it has none of its own
 */
public record EnterRoot(Optional<Fd> root) implements Step {
    @Override
    public String title() {
        return "look at the container from its root";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        Files files = context.init().files();
        if (root.isPresent()) {
            files.fchdir(root.get());
            files.chroot(".");
            files.chdir("/").submit();
        }
        context.setRoot(files.open("/", OpenFlag.PATH, OpenFlag.DIRECTORY));
    }
}
