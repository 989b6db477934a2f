// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.seccomp;

import io.jrunc.cli.command.Arguments;
import io.jrunc.cli.command.Command;
import io.jrunc.cli.command.Context;
import io.jrunc.cli.command.ProfileOptions;
import io.jrunc.cli.command.Syntax;
import io.jrunc.cli.output.Paragraph;
import io.jrunc.json.JsonText;
import io.jrunc.seccomp.explain.FilterComparison;
import io.jrunc.seccomp.explain.FilterComparison.Difference;
import io.jrunc.seccomp.profile.ProfileContext;
import java.util.List;
import java.util.Map;

/** Tells which calls two profiles decide differently. */
final class SeccompDiffCommand extends Command {
    /** As diff(1): 0 is the same, 1 is different, 2 is trouble. */
    private static final int DIFFERENT = 1;

    private static final int TROUBLE = 2;

    SeccompDiffCommand() {
        super("seccomp diff", "Tells which system calls two profiles decide differently.");
    }

    @Override
    public void describe(Syntax syntax) {
        ProfileOptions.describeProfileContext(syntax);
        syntax.option("text|json", "how to print it", "--format");
        syntax.operand("default|strict|audit|FILE|DIR");
        syntax.operand("default|strict|audit|FILE|DIR");
    }

    @Override
    public int failureStatus() {
        return TROUBLE;
    }

    @Override
    public Map<String, String> exitStatuses() {
        return statuses("the profiles decide alike", "they decide differently");
    }

    @Override
    public int run(Context context, Arguments arguments) {
        boolean json = wantsJson(arguments, "text");
        List<String> names = arguments.operands();
        ProfileContext profileContext = ProfileOptions.profileContext(arguments);
        List<Difference> differences =
                FilterComparison.of(
                        ProfileOptions.named(context, names.get(0))
                                .resolve(profileContext)
                                .filter(),
                        ProfileOptions.named(context, names.get(1))
                                .resolve(profileContext)
                                .filter(),
                        profileContext.architecture());
        context.print(json ? json(differences) : text(names, differences));
        return differences.isEmpty() ? 0 : DIFFERENT;
    }

    private static String text(List<String> names, List<Difference> differences) {
        StringBuilder text = new StringBuilder();
        if (!differences.isEmpty()) {
            text.append("- ").append(names.get(0)).append('\n');
            text.append("+ ").append(names.get(1)).append('\n');
        }
        for (Difference difference : differences) {
            String architecture = difference.architecture().specName() + ": ";
            text.append('\n');
            if (difference.calls().isEmpty() && difference.numbers().isEmpty()) {
                text.append(architecture).append("all calls");
            } else if (difference.calls().isEmpty()) {
                Paragraph.append(
                        text, architecture + "numbers without a name: ", difference.numbers());
            } else {
                Paragraph.append(text, architecture, difference.calls());
                if (!difference.numbers().isEmpty()) {
                    Paragraph.append(
                            text, "\n  and numbers without a name: ", difference.numbers());
                }
            }
            text.append(":\n");
            difference.first().forEach(line -> text.append("- ").append(line).append('\n'));
            difference.second().forEach(line -> text.append("+ ").append(line).append('\n'));
        }
        return text.toString();
    }

    private static String json(List<Difference> differences) {
        JsonText json = JsonText.indented("  ");
        json.beginList();
        for (Difference difference : differences) {
            json.beginObject();
            json.string("architecture", difference.architecture().specName());
            json.strings("calls", difference.calls());
            json.strings("numbers", difference.numbers());
            json.strings("first", difference.first());
            json.strings("second", difference.second());
            json.endObject();
        }
        json.endList();
        return json + "\n";
    }
}
