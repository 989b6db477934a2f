// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.seccomp;

import io.jrunc.cli.command.Arguments;
import io.jrunc.cli.command.Command;
import io.jrunc.cli.command.Context;
import io.jrunc.cli.command.ProfileOptions;
import io.jrunc.cli.command.Syntax;
import io.jrunc.json.JsonText;
import io.jrunc.linux.Failure;
import io.jrunc.seccomp.explain.FilterQuestion;
import io.jrunc.seccomp.profile.EngineProfile;
import io.jrunc.seccomp.profile.ProfileContext;
import java.util.List;
import java.util.Optional;

/** Tells what a filter decides about a call, and by which rule. */
final class SeccompCheckCommand extends Command {
    private static final int MAX = 6;

    SeccompCheckCommand() {
        super("seccomp check", "Tells what a filter decides about a system call, and why.");
    }

    @Override
    public void describe(Syntax syntax) {
        syntax.option("default|strict|audit|FILE", "the profile", "--profile");
        ProfileOptions.describePlaces(syntax);
        ProfileOptions.describeProfileContext(syntax);
        syntax.option("text|json", "how to print it", "--format");
        syntax.operand("SYSCALL");
        syntax.operands("ARG", 0, MAX);
        syntax.optionsEndAtOperand(); // so that arguments may be negative
    }

    @Override
    public int run(Context context, Arguments arguments) {
        boolean json = wantsJson(arguments, "text");
        List<String> words = arguments.operands();
        long[] values = new long[words.size() - 1];
        for (int i = 0; i < values.length; i++) {
            values[i] = number(words.get(i + 1), words.get(0));
        }
        Optional<String> name =
                arguments.has("--profile")
                        ? Optional.of(arguments.value("--profile", ""))
                        : Optional.empty();
        ProfileContext profileContext = ProfileOptions.profileContext(arguments);
        EngineProfile.Resolution resolution =
                ProfileOptions.chosen(context, name, arguments).resolve(profileContext);
        List<FilterQuestion.Answer> answers =
                FilterQuestion.ask(
                        resolution.filter(), profileContext.architecture(), words.get(0), values);
        context.print(
                json
                        ? json(answers, resolution)
                        : answers.isEmpty()
                                ? words.get(0) + ": no architecture of the filter has it\n"
                                : text(words, answers, resolution));
        return 0;
    }

    /** Decimal or hexadecimal, of 64 bits with or without sign. */
    private static long number(String word, String call) {
        boolean negative = word.startsWith("-");
        String digits = negative ? word.substring(1) : word;
        boolean hexadecimal = digits.startsWith("0x") || digits.startsWith("0X");
        try {
            long value =
                    hexadecimal
                            ? Long.parseUnsignedLong(digits.substring(2), 16)
                            : Long.parseUnsignedLong(digits);
            return negative ? -value : value;
        } catch (NumberFormatException e) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    '"'
                            + word
                            + "\" is no argument of "
                            + call
                            + "; write a number, decimal or hexadecimal with 0x");
        }
    }

    private static String text(
            List<String> call,
            List<FilterQuestion.Answer> answers,
            EngineProfile.Resolution resolution) {
        StringBuilder text = new StringBuilder();
        for (FilterQuestion.Answer answer : answers) {
            text.append(answer.call()).append('(');
            text.append(String.join(", ", call.subList(1, call.size()))).append(") on ");
            text.append(answer.architecture().specName()).append(", number ");
            text.append(answer.number());
            answer.through().ifPresent(other -> text.append(", through ").append(other));
            text.append(":\n");
            for (String line : answer.code()) {
                text.append("  ").append(line).append('\n');
            }
            for (FilterQuestion.Reason reason : answer.reasons()) {
                text.append("  by syscalls[").append(resolution.places().get(reason.index()));
                text.append("], ").append(summary(reason)).append('\n');
            }
            answer.otherwise()
                    .ifPresent(
                            other ->
                                    text.append(answer.reasons().isEmpty() ? "  by " : "  else ")
                                            .append(other)
                                            .append('\n'));
        }
        return text.toString();
    }

    private static String summary(FilterQuestion.Reason reason) {
        List<String> names = reason.rule().names();
        String first =
                names.get(0) + (names.size() > 1 ? " and " + (names.size() - 1) + " more" : "");
        String condition = reason.condition().isEmpty() ? "" : ", if " + reason.condition();
        return first + condition + ": " + reason.outcome();
    }

    private static String json(
            List<FilterQuestion.Answer> answers, EngineProfile.Resolution resolution) {
        JsonText json = JsonText.indented("  ");
        json.beginList();
        for (FilterQuestion.Answer answer : answers) {
            json.beginObject();
            json.string("architecture", answer.architecture().specName());
            json.string("call", answer.call());
            json.number("number", answer.number());
            answer.through().ifPresent(other -> json.string("through", other));
            json.strings("code", answer.code());
            json.beginList("rules");
            for (FilterQuestion.Reason reason : answer.reasons()) {
                json.beginObject();
                json.number("index", resolution.places().get(reason.index()));
                json.strings("names", reason.rule().names());
                json.string("condition", reason.condition());
                json.string("outcome", reason.outcome());
                json.endObject();
            }
            json.endList();
            answer.otherwise().ifPresent(other -> json.string("otherwise", other));
            json.endObject();
        }
        json.endList();
        return json + "\n";
    }
}
