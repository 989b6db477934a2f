// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.completion;

import io.jrunc.cli.command.Signals;
import io.jrunc.spec.CapabilityNames;
import java.util.ArrayList;
import java.util.List;

/**
 * What a shell may offer for an argument.
 *
 * @param words these, literally
 */
record WordKind(Source source, List<String> words) {
    private static final WordKind NOTHING = new WordKind(Source.NOTHING, List.of());

    /** What is offered beside the words. */
    enum Source {
        NOTHING,
        FILES,
        DIRECTORIES,
        CONTAINERS
    }

    WordKind {
        words = List.copyOf(words);
    }

    /** Returns what the label in a command's description means: {@code DIR}, {@code text|json}. */
    static WordKind of(String label) {
        return switch (label) {
            case "<container-id>", "ID" -> new WordKind(Source.CONTAINERS, List.of());
            case "<signal>" -> new WordKind(Source.NOTHING, Signals.NAMES);
            case "CAP" -> new WordKind(Source.NOTHING, CapabilityNames.ALL);
            case "SOCKET", "<argument>" -> new WordKind(Source.FILES, List.of());
            case "[--] run" -> new WordKind(Source.NOTHING, List.of("run"));
            default -> ofAlternatives(label);
        };
    }

    private static WordKind ofAlternatives(String label) {
        Source source = Source.NOTHING;
        List<String> words = new ArrayList<>();
        for (String part : label.split("\\|", -1)) {
            if (part.equals("FILE")) {
                source = Source.FILES;
            } else if (part.equals("DIR") && source == Source.NOTHING) {
                source = Source.DIRECTORIES;
            } else if (part.matches("[a-z0-9]+") && label.contains("|")) {
                words.add(part);
            }
        }
        return source == Source.NOTHING && words.isEmpty() ? NOTHING : new WordKind(source, words);
    }

    /** Returns all that a script has to know, as words. */
    String text() {
        StringBuilder text = new StringBuilder(source.name().toLowerCase(java.util.Locale.ROOT));
        for (String word : words) {
            text.append(' ').append(word);
        }
        return text.toString();
    }
}
