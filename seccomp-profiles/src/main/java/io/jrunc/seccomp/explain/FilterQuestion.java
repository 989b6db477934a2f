// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.explain;

import io.jrunc.linux.Failure;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Multiplexer;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SyscallNames;
import io.jrunc.seccomp.SyscallRule;
import io.jrunc.seccomp.SyscallTable;
import io.jrunc.seccomp.compile.FilterCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks a filter about one call: what it decides, and which rules of the profile make it do so. */
public final class FilterQuestion {
    private static final int ARGUMENTS = 6;
    private static final String HIDDEN =
            "its number: it is newer than all calls that the profile names, and so does not exist";

    private final Seccomp profile;
    private final String call;
    private final long[] arguments;

    private FilterQuestion(Seccomp profile, String call, long... arguments) {
        this.profile = profile;
        this.call = call;
        this.arguments = arguments.clone();
    }

    /**
     * What is decided on one architecture.
     *
     * @param call its name, or the number that was asked about, if it has none
     * @param number as the filter sees it; unsigned
     * @param through the call that multiplexes this one, or empty
     * @param code what decides, a line each; one if the arguments that are known settle it
     * @param reasons the rules, in the order in which they are looked at; none: {@link #otherwise}
     * @param otherwise what decides where no rule does; empty if the last one always applies
     */
    public record Answer(
            Architecture architecture,
            String call,
            long number,
            Optional<String> through,
            List<String> code,
            List<Reason> reasons,
            Optional<String> otherwise) {}

    /**
     * A rule that decides.
     *
     * @param index in the profile
     * @param condition what the arguments must fulfil; empty: nothing
     * @param outcome what is done then
     */
    public record Reason(int index, SyscallRule rule, String condition, String outcome) {}

    /**
     * Asks about a call on all architectures of the filter.
     *
     * @param call a name, or a number for the native architecture
     * @param arguments the first ones; those that are not given may be anything
     * @return none for architectures that do not have the call
     */
    public static List<Answer> ask(
            Seccomp profile, Architecture nativeArchitecture, String call, long... arguments) {
        if (arguments.length > ARGUMENTS) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    arguments.length + " arguments: a system call has at most six");
        }
        List<NumberMap> maps = NumberMap.of(profile, nativeArchitecture);
        FilterQuestion question =
                new FilterQuestion(
                        profile, nameOf(call, nativeArchitecture).orElse(call), arguments);
        if (Character.isDigit(call.charAt(0))) {
            return List.of(question.about(mapWith(maps, number(call)), number(call)));
        }
        if (SyscallTable.indexOf(call) == SyscallTable.ABSENT) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    '"' + call + "\" is no system call that is known here; write its number");
        }
        List<Answer> answers = new ArrayList<>();
        for (NumberMap map : maps) {
            question.ask(map, answers);
        }
        return answers;
    }

    /** That of the native architecture, or of x32, which has one of its bits. */
    private static NumberMap mapWith(List<NumberMap> maps, int number) {
        boolean isX32 =
                maps.get(0).architecture() == Architecture.X86_64
                        && (number & SyscallTable.X32_BIT) != 0;
        for (NumberMap map : maps) {
            if (!isX32 || map.architecture() == Architecture.X32) {
                return map;
            }
        }
        throw Failure.of(
                Failure.Code.USAGE,
                number
                        + " is a call of x32, and the filter kills the process: the profile"
                        + " does not name SCMP_ARCH_X32");
    }

    private static Optional<String> nameOf(String call, Architecture architecture) {
        if (!Character.isDigit(call.charAt(0))) {
            return Optional.empty();
        }
        List<String> names = SyscallNames.byNumber(architecture).get((long) number(call));
        return names == null ? Optional.empty() : Optional.of(names.get(0));
    }

    private static int number(String call) {
        try {
            return Integer.decode(call);
        } catch (NumberFormatException e) {
            throw Failure.of(
                    Failure.Code.USAGE, '"' + call + "\" is neither a system call nor a number");
        }
    }

    private void ask(NumberMap map, List<Answer> answers) {
        Architecture architecture = map.architecture();
        int index = SyscallTable.indexOf(call);
        int number = SyscallTable.number(architecture, index);
        if (number != SyscallTable.ABSENT) {
            answers.add(about(map, number));
        }
        if (Multiplexer.covers(index) && Multiplexer.isUsedOn(architecture)) {
            answers.add(throughMultiplexer(map, index));
        }
    }

    private Answer about(NumberMap map, int number) {
        RuleSearch search = new RuleSearch(profile, map.architecture(), arguments);
        return answer(map, number, Optional.empty(), search.about(number), arguments);
    }

    /** There the first argument says which call is meant, and all others are in memory. */
    private Answer throughMultiplexer(NumberMap map, int index) {
        int number = Multiplexer.number(map.architecture(), index);
        long[] known = {Multiplexer.subCall(index)};
        RuleSearch search = new RuleSearch(profile, map.architecture(), known);
        Optional<String> name = Optional.of(Multiplexer.call(index));
        return answer(map, number, name, search.about(number), known);
    }

    private Answer answer(
            NumberMap map,
            int number,
            Optional<String> through,
            RuleSearch.Found found,
            long... known) {
        boolean isHidden = FilterCompiler.hides(profile, map.architecture(), number);
        ArgumentWords words = new ArgumentWords(map.architecture(), known);
        return new Answer(
                map.architecture(),
                call,
                Integer.toUnsignedLong(number),
                through,
                PseudoCode.of(map.at(number), words),
                isHidden ? List.of() : found.reasons(),
                isHidden
                        ? Optional.of(HIDDEN)
                        : found.isExhaustive() ? Optional.empty() : Optional.of(byDefault()));
    }

    private String byDefault() {
        return "the default action: " + Outcome.of(FilterCompiler.defaultValue(profile));
    }
}
