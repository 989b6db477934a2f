// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.Containers;
import io.jrunc.linux.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The containers that an argument means, as crun understands {@code --all} and {@code --regex}. */
final class Selection {
    private Selection() {}

    /**
     * Returns the ids that {@code word} selects.
     *
     * @param everything all there are, whatever the word
     * @param regex the word is a regular expression
     */
    static List<String> of(Containers containers, String word, boolean everything, boolean regex) {
        if (!everything && !regex) {
            return List.of(word);
        }
        List<String> selected = new ArrayList<>();
        Pattern pattern = compile(regex ? word : "");
        for (String id : containers.ids()) {
            if (everything || pattern.matcher(id).find()) {
                selected.add(id);
            }
        }
        return selected;
    }

    private static Pattern compile(String word) {
        try {
            return Pattern.compile(word);
        } catch (PatternSyntaxException e) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "--regex: \"" + word + "\" is no regular expression: " + e.getDescription());
        }
    }
}
