// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** What help prints. */
public final class Help {
    private Help() {}

    public static String of(CommandSpec spec) {
        if (!spec.name().startsWith("jrunc")) {
            spec.name("jrunc " + spec.name());
        }
        return new CommandLine(spec).getUsageMessage(Ansi.OFF);
    }
}
