// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Fd;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;

/** Creates the working directory if the image has none, while the root can still be written. */
public record MakeDirectory(String path) implements Step {
    @Override
    public String title() {
        return "make sure that " + path + " exists";
    }

    @Override
    public String field() {
        return "process.cwd";
    }

    @Override
    public void apply(SetupContext context) {
        try (Fd made = new RootedPaths(context.root()).directory(path)) {
            context.init().flush();
            assert made.isOpen();
        }
    }
}
