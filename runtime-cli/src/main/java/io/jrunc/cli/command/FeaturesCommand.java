// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.rootfs.MountOptions;
import io.jrunc.spec.json.Features;

/** Prints what this runtime can do, whatever the host. */
public final class FeaturesCommand extends Command {
    public FeaturesCommand() {
        super("features", "Prints what this runtime can do.");
    }

    @Override
    public void describe(Syntax syntax) {}

    @Override
    public int run(Context context, Arguments arguments) {
        Features features = Features.ofJrunc(Version.NUMBER, MountOptions.names());
        context.print(features.pretty());
        return 0;
    }
}
