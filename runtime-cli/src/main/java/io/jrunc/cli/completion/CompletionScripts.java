// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.completion;

import io.jrunc.cli.command.CommandGroup;
import io.jrunc.linux.Failure;
import java.util.List;

/** The scripts that have shells complete command lines of this program. */
public final class CompletionScripts {
    private CompletionScripts() {}

    /** Returns the script for {@code shell}: bash, zsh or fish. */
    public static String of(String shell, CommandGroup program) {
        List<CommandLines> all = CommandLines.all(program);
        return switch (shell) {
            case "bash" -> new BashCompletion(all).script();
            case "zsh" -> new ZshCompletion(all).script();
            case "fish" -> new FishCompletion(all).script();
            default ->
                    throw Failure.of(
                            Failure.Code.USAGE,
                            "no completion for \"" + shell + "\"; write bash, zsh or fish");
        };
    }
}
