// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;

/** Creates the working directory if the image has none, while the root can still be written. */
record MakeDirectory(String path) implements Step {
    @Override
    public String title() {
        return "make sure that " + path + " exists";
    }

    @Override
    public String field() {
        return "process.cwd";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        RootedPaths paths = new RootedPaths(context.root());
        context.init()
                .attempt(
                        () -> paths.askForDirectory(path, RootedPaths.Links.FOLLOW).close(),
                        failure -> paths.directory(path).close());
    }
}
