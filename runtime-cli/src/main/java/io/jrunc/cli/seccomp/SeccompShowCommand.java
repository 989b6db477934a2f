// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.seccomp;

import io.jrunc.cli.command.Arguments;
import io.jrunc.cli.command.Command;
import io.jrunc.cli.command.Context;
import io.jrunc.cli.command.ProfileOptions;
import io.jrunc.cli.command.Syntax;
import io.jrunc.cli.output.Paragraph;
import io.jrunc.json.JsonText;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.compile.BpfProgram;
import io.jrunc.seccomp.compile.FilterCompiler;
import io.jrunc.seccomp.explain.FilterText;
import io.jrunc.seccomp.explain.InstructionCount;
import io.jrunc.seccomp.profile.ProfileContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Prints the filter that a profile is compiled to, and what it costs. */
final class SeccompShowCommand extends Command {
    SeccompShowCommand() {
        super("seccomp show", "Prints the filter that a profile is compiled to.");
    }

    @Override
    public void describe(Syntax syntax) {
        ProfileOptions.describePlaces(syntax);
        ProfileOptions.describeProfileContext(syntax);
        syntax.flag("print the instructions themselves", "--listing");
        syntax.option("text|json", "how to print it", "--format");
        syntax.optional("default|strict|audit|FILE");
    }

    @Override
    public int run(Context context, Arguments arguments) {
        boolean json = wantsJson(arguments, "text");
        Optional<String> name = arguments.operands().stream().findFirst();
        ProfileContext profileContext = ProfileOptions.profileContext(arguments);
        Architecture own = profileContext.architecture();
        Seccomp filter =
                ProfileOptions.chosen(context, name, arguments).resolve(profileContext).filter();
        BpfProgram program = FilterCompiler.compile(filter, own);
        if (arguments.has("--listing")) {
            context.print(program.listing());
            return 0;
        }
        InstructionCount count = InstructionCount.of(program, own);
        List<FilterText.Section> sections = FilterText.of(filter, own);
        context.print(json ? json(program, count, sections) : text(program, count, own, sections));
        return 0;
    }

    private static String text(
            BpfProgram program,
            InstructionCount count,
            Architecture own,
            List<FilterText.Section> sections) {
        StringBuilder text = new StringBuilder();
        text.append(program.length()).append(" instructions; a call takes at most ");
        text.append(count.worst()).append(", on average ").append(average(count));
        text.append("\n(over the ").append(count.calls()).append(" calls of ");
        text.append(own.specName()).append(", each as frequent as any other; where an argument");
        text.append(" decides, both ways are)\n");
        text.append(alwaysAllowed(sections))
                .append(" of these calls pass whatever their arguments");
        text.append(" are: for them Linux 5.11 and newer need not run the filter\n");
        for (FilterText.Section section : sections) {
            text.append('\n').append(section.architecture().specName()).append(":\n");
            for (FilterText.Group group : section.groups()) {
                group(text, group);
            }
        }
        return text.append("\nany other architecture:\n  return KILL_THREAD\n").toString();
    }

    /**
     * Returns how many calls of the machine's own architecture are in the group for which this is
     * so.
     */
    private static int alwaysAllowed(List<FilterText.Section> sections) {
        int calls = 0;
        for (FilterText.Group group : sections.get(0).groups()) {
            calls += group.code().equals(List.of("return ALLOW")) ? group.calls().size() : 0;
        }
        return calls;
    }

    private static void group(StringBuilder text, FilterText.Group group) {
        if (group.calls().isEmpty()) {
            Paragraph.append(text, "  numbers without a name: ", group.numbers());
        } else {
            Paragraph.append(text, "  ", group.calls());
        }
        text.append(":\n");
        for (String line : group.code()) {
            text.append("    ").append(line).append('\n');
        }
    }

    private static String average(InstructionCount count) {
        return String.format(Locale.ROOT, "%.1f", count.average());
    }

    private static String json(
            BpfProgram program, InstructionCount count, List<FilterText.Section> sections) {
        JsonText json = JsonText.indented("  ");
        json.beginObject();
        json.beginObject("instructions");
        json.number("total", program.length());
        json.number("worst", count.worst());
        json.decimal("average", Math.round(count.average() * 10) / 10.0);
        json.number("averageOverCalls", count.calls());
        json.number("alwaysAllowed", alwaysAllowed(sections));
        json.endObject();
        json.beginList("architectures");
        for (FilterText.Section section : sections) {
            json.beginObject();
            json.string("architecture", section.architecture().specName());
            json.beginList("groups");
            for (FilterText.Group group : section.groups()) {
                json.beginObject();
                json.strings("calls", group.calls());
                json.strings("numbers", group.numbers());
                json.strings("code", group.code());
                json.endObject();
            }
            json.endList();
            json.endObject();
        }
        json.endList();
        json.endObject();
        return json + "\n";
    }
}
