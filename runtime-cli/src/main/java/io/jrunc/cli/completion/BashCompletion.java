// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.completion;

import io.jrunc.cli.command.Option;
import io.jrunc.cli.command.Syntax;
import java.util.ArrayList;
import java.util.List;

/** Completion for bash 4 and newer, with and without the package bash-completion. bash(1). */
record BashCompletion(List<CommandLines> all) {
    private static final String DRIVER =
            """
            # Sets COMPREPLY: _jrunc_reply CURRENT SOURCE WORD...
            _jrunc_reply() {
              local current=$1 source=$2
              shift 2
              local words="$*"
              case $source in
              containers) words=$("${program[@]}" list -q 2>/dev/null) ;;
              directories) compopt -o filenames 2>/dev/null ;;
              files) compopt -o filenames 2>/dev/null ;;
              esac
              mapfile -t COMPREPLY < <(
                compgen -W "$words" -- "$current"
                case $source in
                directories) compgen -d -- "$current" ;;
                files) compgen -f -- "$current" ;;
                esac
              )
            }

            _jrunc() {
              local command= option= value= ended= number=0 prefix= i word current
              local options members operands repeats ends
              local program=("${COMP_WORDS[0]/#\\~/$HOME}")
              COMPREPLY=()
              _jrunc_command ''
              for ((i = 1; i < COMP_CWORD; i++)); do
                word=${COMP_WORDS[i]}
                if [[ -n $value ]]; then
                  [[ $word == = ]] && continue
                  [[ $option == --root ]] && program+=(--root "$word")
                  value=
                elif [[ $word == = ]]; then
                  ((i++))
                elif [[ -z $ended && $word == -- ]]; then
                  ended=1
                elif [[ -z $ended && $word == -?* ]]; then
                  option=${word%%=*}
                  _jrunc_value "$command $option"
                  if [[ $word == *=* ]]; then
                    [[ $option == --root ]] && program+=(--root "${word#*=}")
                    value=
                  fi
                elif [[ -n $members ]]; then
                  command=${command:+$command }$word
                  _jrunc_command "$command"
                else
                  ((number++))
                  [[ -n $ends ]] && ended=1
                fi
              done
              current=${COMP_WORDS[COMP_CWORD]}
              if [[ -n $value ]]; then
                [[ $current == = ]] && current=
              elif [[ -z $ended && $current == -*=* ]]; then
                option=${current%%=*}
                prefix=$option=
                _jrunc_value "$command $option"
                current=${current#*=}
              elif [[ -z $ended && $current == -* ]]; then
                value="nothing $options"
              elif [[ -n $members ]]; then
                value="nothing $members"
              elif ((number < ${#operands[@]})); then
                value=${operands[number]}
              elif [[ -n $repeats ]]; then
                value=${operands[${#operands[@]} - 1]}
              fi
              [[ -n $value ]] || return 0
              # shellcheck disable=SC2086
              _jrunc_reply "$current" $value
              if [[ -n $prefix && $COMP_WORDBREAKS != *=* ]]; then
                COMPREPLY=("${COMPREPLY[@]/#/$prefix}")
              fi
            }
            complete -F _jrunc jrunc
            """;

    String script() {
        StringBuilder script = new StringBuilder();
        script.append("# bash completion for jrunc, printed by: jrunc completion bash\n");
        script.append("# To use it in this shell: source <(jrunc completion bash)\n\n");
        script.append("# Describes a command.\n_jrunc_command() {\n");
        script.append("  options= members= operands=() repeats= ends=\n  case $1 in\n");
        all.forEach(one -> append(script, one));
        script.append(
                "  esac\n}\n\n# Describes the value of an option; of a flag there is none.\n");
        script.append("_jrunc_value() {\n  value=\n  case $1 in\n");
        for (CommandLines one : all) {
            for (Option option : one.options()) {
                if (!option.isFlag()) {
                    appendValue(script, one, option);
                }
            }
        }
        return script.append("  esac\n}\n\n").append(DRIVER).toString();
    }

    private static void append(StringBuilder script, CommandLines one) {
        List<String> names = new ArrayList<>();
        one.options().forEach(option -> names.addAll(option.names()));
        script.append("  '").append(one.name()).append("')\n");
        script.append("    options='").append(String.join(" ", names)).append("'\n");
        if (!one.members().isEmpty()) {
            String help = one.name().isEmpty() ? " help" : "";
            script.append("    members='").append(String.join(" ", one.memberWords()));
            script.append(help).append("'\n");
        }
        if (!one.operands().isEmpty()) {
            script.append("    operands=(");
            for (Syntax.Operand operand : one.operands()) {
                script.append('\'').append(WordKind.of(operand.label()).text()).append("' ");
            }
            script.setLength(script.length() - 1);
            script.append(")\n");
        }
        script.append(one.repeats() ? "    repeats=1\n" : "");
        script.append(one.endsOptions() ? "    ends=1\n" : "").append("    ;;\n");
    }

    /** Options may have one dash instead of two. */
    private static void appendValue(StringBuilder script, CommandLines one, Option option) {
        List<String> patterns = new ArrayList<>();
        for (String name : option.names()) {
            patterns.add("'" + one.name() + " " + name + "'");
            if (name.startsWith("--")) {
                patterns.add("'" + one.name() + " " + name.substring(1) + "'");
            }
        }
        String kind = WordKind.of(option.label()).text();
        script.append("  ").append(String.join(" | ", patterns)).append(") value='");
        script.append(kind).append("' ;;\n");
    }
}
