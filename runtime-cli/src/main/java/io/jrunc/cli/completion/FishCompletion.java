// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.completion;

import io.jrunc.cli.command.Option;
import java.util.ArrayList;
import java.util.List;

/** Completion for fish 3 and newer. fish's complete(1). */
record FishCompletion(List<CommandLines> all) {
    private static final String DRIVER =
            """
            # Reads the command line up to the current word.
            function __jrunc_parse
                set -g __jrunc_command ''
                set -g __jrunc_operands 0
                set -g __jrunc_ended no
                set -g __jrunc_root
                set -l tokens (commandline -opc)
                set -l option ''
                for token in $tokens[2..]
                    if test -n "$option"
                        contains -- $option --root -root; and set -g __jrunc_root --root $token
                        set option ''
                    else if test $__jrunc_ended = no; and string match -qr -- '^-.' $token
                        if test $token = --
                            set -g __jrunc_ended yes
                        else if string match -qr -- '^--?root=' $token
                            set -g __jrunc_root --root (string replace -r -- '^--?root=' '' $token)
                        else if contains -- "$__jrunc_command $token" $__jrunc_valued
                            set option $token
                        end
                    else if contains -- "$__jrunc_command" $__jrunc_groups
                        set -g __jrunc_command (string trim -- "$__jrunc_command $token")
                    else
                        set -g __jrunc_operands (math $__jrunc_operands + 1)
                        contains -- "$__jrunc_command" $__jrunc_ending
                        and set -g __jrunc_ended yes
                    end
                end
            end

            # Whether options of this command may follow.
            function __jrunc_options
                __jrunc_parse
                test "$__jrunc_command" = "$argv[1]" -a $__jrunc_ended = no
            end

            # Whether this operand of this command follows: COMMAND FIRST LAST
            function __jrunc_operand
                __jrunc_parse
                test "$__jrunc_command" = "$argv[1]" \\
                    -a $__jrunc_operands -ge $argv[2] -a $__jrunc_operands -le $argv[3]
            end

            function __jrunc_containers
                set -l program (commandline -opc)[1]
                __jrunc_parse
                $program $__jrunc_root list -q 2>/dev/null
            end

            complete -c jrunc -f
            """;

    private static final int MANY = 9999;

    String script() {
        List<String> groups = new ArrayList<>();
        List<String> ending = new ArrayList<>();
        List<String> valued = new ArrayList<>();
        for (CommandLines one : all) {
            if (!one.members().isEmpty()) {
                groups.add(quoted(one.name()));
            }
            if (one.endsOptions()) {
                ending.add(quoted(one.name()));
            }
            for (Option option : one.options()) {
                for (String name : option.isFlag() ? List.<String>of() : option.names()) {
                    valued.add(quoted(one.name() + " " + name));
                    if (name.startsWith("--")) {
                        valued.add(quoted(one.name() + " " + name.substring(1)));
                    }
                }
            }
        }
        StringBuilder script = new StringBuilder();
        script.append("# fish completion for jrunc, printed by: jrunc completion fish\n");
        script.append("# To use it in this shell: jrunc completion fish | source\n\n");
        script.append(
                "# Commands with commands below them, those whose options end at the first\n");
        script.append("# operand, and options with a value.\n");
        script.append("set -g __jrunc_groups ").append(String.join(" ", groups)).append('\n');
        script.append("set -g __jrunc_ending ").append(String.join(" ", ending)).append('\n');
        script.append("set -g __jrunc_valued \\\n    ");
        script.append(String.join(" \\\n    ", valued)).append("\n\n").append(DRIVER);
        for (CommandLines one : all) {
            append(script, one);
        }
        return script.toString();
    }

    private static void append(StringBuilder script, CommandLines one) {
        String name = quoted(one.name());
        for (Option option : one.options()) {
            script.append("complete -c jrunc -n ");
            script.append(quoted("__jrunc_options " + name));
            for (String word : option.names()) {
                boolean isLong = word.startsWith("--");
                script.append(isLong ? " -l " + word.substring(2) : " -s " + word.substring(1));
            }
            script.append(option.isFlag() ? "" : value(WordKind.of(option.label())));
            script.append(" -d ").append(quoted(option.description())).append('\n');
        }
        List<String> words = one.memberWords();
        for (int i = 0; i < words.size(); i++) {
            member(script, name, words.get(i), one.members().get(i).summary());
        }
        if (one.name().isEmpty()) {
            member(script, name, "help", "Shows what a command takes.");
        }
        for (int i = 0; i < one.operands().size(); i++) {
            boolean more = one.repeats() && i + 1 == one.operands().size();
            WordKind kind = WordKind.of(one.operands().get(i).label());
            if (kind.source() != WordKind.Source.NOTHING || !kind.words().isEmpty()) {
                String condition = "__jrunc_operand " + name + " " + i + " " + (more ? MANY : i);
                script.append("complete -c jrunc -n ").append(quoted(condition));
                script.append(offered(kind)).append('\n');
            }
        }
    }

    private static void member(StringBuilder script, String group, String word, String summary) {
        script.append("complete -c jrunc -n ").append(quoted("__jrunc_options " + group));
        script.append(" -a ").append(word).append(" -d ").append(quoted(summary)).append('\n');
    }

    private static String value(WordKind kind) {
        return (kind.source() == WordKind.Source.FILES ? " -r" : " -x") + offered(kind);
    }

    private static String offered(WordKind kind) {
        String words = String.join(" ", kind.words());
        return switch (kind.source()) {
            case FILES -> " -F" + (words.isEmpty() ? "" : " -a " + quoted(words));
            case DIRECTORIES -> " -a " + quoted("(__fish_complete_directories) " + words);
            case CONTAINERS -> " -a '(__jrunc_containers)'";
            case NOTHING -> words.isEmpty() ? "" : " -a " + quoted(words);
        };
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
