// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.MountAttr;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.Set;

/**
 * Opens the program of the host that will execute the container's, while the host's files are
 * there. It is opened through a read-only mount of its own: by /proc/self/exe the container could
 * else open it for writing (CVE-2019-5736).
 *
 * @param path absolute, on the host
 */
public record OpenInterpreter(String path) implements Step {
    @Override
    public String title() {
        return "open the host's " + path;
    }

    @Override
    public String field() {
        return "annotations";
    }

    @Override
    public void apply(SetupContext context) {
        Kernel init = context.init();
        try (MountSource source = MountSource.plain(context, path, false, true)) {
            init.mounts()
                    .setAttributes(
                            source.tree(),
                            false,
                            Set.of(MountAttr.RDONLY, MountAttr.NOSUID, MountAttr.NODEV),
                            Set.of())
                    .submit();
            Fd program = init.descriptors().duplicate(source.tree());
            init.flush();
            context.program().setInterpreter(program);
        }
    }
}
