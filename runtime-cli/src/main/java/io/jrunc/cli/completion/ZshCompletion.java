// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.completion;

import io.jrunc.cli.command.Option;
import io.jrunc.cli.command.Syntax;
import java.util.List;

/** Completion for zsh, with the functions of its completion system. zshcompsys(1). */
record ZshCompletion(List<CommandLines> all) {
    private static final String CONTAINERS =
            """
            _jrunc_containers() {
              local -a ids expl
              ids=(${(f)"$($program list -q 2>/dev/null)"})
              _wanted containers expl container compadd -a - ids
            }

            """;

    private static final String START =
            """
            _jrunc() {
              local -a program=(${~words[1]})
              _jrunc_line
            }

            if [[ $funcstack[1] == _jrunc ]]; then
              _jrunc "$@"
            else
              compdef _jrunc jrunc
            fi
            """;

    String script() {
        StringBuilder script = new StringBuilder();
        script.append("#compdef jrunc\n");
        script.append("# zsh completion for jrunc, printed by: jrunc completion zsh\n");
        script.append("# To use it in this shell: source <(jrunc completion zsh)\n\n");
        script.append(CONTAINERS);
        all.forEach(one -> append(script, one));
        return script.append(START).toString();
    }

    private static String function(CommandLines one) {
        return one.name().isEmpty() ? "_jrunc_line" : "_jrunc_line_" + one.name().replace(' ', '_');
    }

    private void append(StringBuilder script, CommandLines one) {
        boolean group = !one.members().isEmpty();
        script.append(function(one)).append("() {\n");
        if (group) {
            script.append("  local curcontext=$curcontext state line\n");
            script.append("  local -A opt_args\n");
        }
        script.append("  _arguments -S").append(group ? " -C" : "");
        script.append(one.endsOptions() || group ? " -A '-*'" : "");
        one.options().forEach(option -> append(script, option));
        if (group) {
            appendMembers(script, one);
            return;
        }
        for (int i = 0; i < one.operands().size(); i++) {
            Syntax.Operand operand = one.operands().get(i);
            boolean last = i + 1 == one.operands().size();
            String position = last && one.repeats() ? "*" : "" + (i + 1);
            next(script).append(quoted(position + value(operand.label())));
        }
        script.append("\n}\n\n");
    }

    private static StringBuilder next(StringBuilder script) {
        return script.append(" \\\n    ");
    }

    /** Several names of one option exclude each other. */
    private static void append(StringBuilder script, Option option) {
        String others = option.repeated() ? "" : "(" + String.join(" ", option.names()) + ")";
        for (String name : option.names()) {
            String sign = option.isFlag() ? "" : name.startsWith("--") ? "=" : "+";
            String text =
                    (option.repeated() ? "*" : others)
                            + name
                            + sign
                            + "["
                            + escaped(option.description())
                            + "]"
                            + (option.isFlag() ? "" : value(option.label()));
            next(script).append(quoted(text));
        }
    }

    /** Returns a message, and what is offered. */
    private static String value(String label) {
        WordKind kind = WordKind.of(label);
        String message = ":" + escaped(label.isEmpty() ? " " : label) + ":";
        String words = String.join(" ", kind.words());
        String files =
                switch (kind.source()) {
                    case FILES -> "_files";
                    case DIRECTORIES -> "_files -/";
                    case CONTAINERS -> "_jrunc_containers";
                    case NOTHING -> "";
                };
        if (words.isEmpty()) {
            return message + (files.isEmpty() ? " " : files);
        }
        return files.isEmpty()
                ? message + "(" + words + ")"
                : message + "_alternative 'words:word:(" + words + ")' 'files:file:" + files + "'";
    }

    private void appendMembers(StringBuilder script, CommandLines one) {
        next(script).append("'1:command:->command'");
        next(script).append("'*::argument:->arguments'\n");
        if (one.name().isEmpty()) {
            script.append("  [[ -n ${opt_args[--root]} ]] && program+=(--root ");
            script.append("${(Q)opt_args[--root]})\n");
        }
        script.append("  case $state in\n  command)\n    local -a commands=(");
        List<String> words = one.memberWords();
        for (int i = 0; i < words.size(); i++) {
            String summary = one.members().get(i).summary();
            script.append("\n      ").append(quoted(words.get(i) + ":" + escaped(summary)));
        }
        if (one.name().isEmpty()) {
            script.append("\n      'help:Shows what a command takes.'");
        }
        script.append("\n    )\n    _describe command commands\n    ;;\n  arguments)\n");
        script.append("    case $line[1] in\n");
        for (CommandLines below : all) {
            String word = below.name().substring(below.name().lastIndexOf(' ') + 1);
            boolean isMember = below.name().equals((one.name() + " " + word).strip());
            if (isMember && !word.isEmpty()) {
                script.append("    ").append(word).append(") ").append(function(below));
                script.append(" ;;\n");
            }
        }
        script.append("    esac\n    ;;\n  esac\n}\n\n");
    }

    private static String escaped(String text) {
        return text.replaceAll("[\\\\\\[\\]:]", "\\\\$0");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
