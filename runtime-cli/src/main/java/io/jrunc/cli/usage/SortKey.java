// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.usage;

import io.jrunc.linux.Failure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What containers are sorted by; each has a key of the keyboard. */
enum SortKey {
    CPU('c'),
    MEMORY('m'),
    PIDS('p'),
    READ('r'),
    WRITE('w'),
    THROTTLED('t'),
    PRESSURE('s'),
    OOM('o'),
    ID('i');

    private final char letter;

    SortKey(char letter) {
        this.letter = letter;
    }

    private double number(Usage usage) {
        return switch (this) {
            case CPU -> usage.cpu().percent().orElse((double) usage.cpu().nanos().orElse(0));
            case MEMORY -> (double) usage.memory().bytes().orElse(0);
            case PIDS -> (double) usage.pids().current().orElse(0);
            case READ -> usage.io().readRate().orElse((double) usage.io().readBytes());
            case WRITE -> usage.io().writeRate().orElse((double) usage.io().writtenBytes());
            case THROTTLED -> usage.cpu().throttledPercent().orElse(0);
            case PRESSURE -> mostWaited(usage);
            case OOM -> (double) usage.memory().oomKills().orElse(0);
            case ID -> 0;
        };
    }

    private static double mostWaited(Usage usage) {
        return Math.max(
                Usage.waited(usage.pressure().cpu()).orElse(0),
                Math.max(
                        Usage.waited(usage.pressure().memory()).orElse(0),
                        Usage.waited(usage.pressure().io()).orElse(0)));
    }

    /** Returns the words for the option, with bars between them. */
    static String words() {
        List<String> words = new ArrayList<>();
        for (SortKey key : values()) {
            words.add(key.word());
        }
        return String.join("|", words);
    }

    static SortKey parse(String word) {
        for (SortKey key : values()) {
            if (key.word().equals(word)) {
                return key;
            }
        }
        throw Failure.of(
                Failure.Code.USAGE,
                "--sort: \"" + word + "\" is no key; write one of " + words().replace("|", ", "));
    }

    /** Returns the one that is chosen by this key of the keyboard, if any is. */
    static Optional<SortKey> of(int typed) {
        for (SortKey key : values()) {
            if (key.letter == typed) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns what the last line of the screen says of it. */
    String legend() {
        return letter + " " + word();
    }

    /** Returns the greatest first; equal ones by their ids. */
    List<Usage> sorted(List<Usage> usages) {
        List<Usage> sorted = new ArrayList<>(usages);
        sorted.sort(Comparator.comparingDouble(this::number).reversed().thenComparing(Usage::id));
        return sorted;
    }
}
