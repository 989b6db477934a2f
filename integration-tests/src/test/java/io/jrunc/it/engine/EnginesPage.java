// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.engine;

import io.jrunc.it.harness.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The examples of docs/engines.md, which tests use as they are. */
final class EnginesPage {
    static final String PROGRAM = "/opt/jrunc/bin/jrunc";

    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);

    private EnginesPage() {}

    /** Returns the examples in a language. */
    static List<String> examples(String language) {
        String page = Result.text(Path.of("../docs/engines.md"));
        List<String> examples = new ArrayList<>();
        for (Matcher block = BLOCK.matcher(page); block.find(); ) {
            if (block.group(1).equals(language)) {
                examples.add(block.group(2));
            }
        }
        return examples;
    }

    /** Returns the configuration of containerd for a version of its file. */
    static String containerd(int version) {
        return examples("toml").stream()
                .filter(example -> example.startsWith("version = " + version + "\n"))
                .findFirst()
                .orElseThrow();
    }
}
