// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

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
        context.print(Features.ofJrunc(Version.NUMBER).pretty());
        return 0;
    }
}
