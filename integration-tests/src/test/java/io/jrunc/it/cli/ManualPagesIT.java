// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cli;

import static io.jrunc.it.harness.Feature.JRUNC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the distribution holds beside the program, made from the commands' descriptions. */
@Requires(JRUNC)
class ManualPagesIT {
    private static final Pattern COMMAND =
            Pattern.compile("^  ([a-z]+) +[A-Z].*$", Pattern.MULTILINE);
    private static final Pattern OPTION = Pattern.compile("(?<=^  |, )--?[a-zA-Z][-a-z0-9]*");

    private static Path share() {
        return Path.of(Program.path()).getParent().resolveSibling("share");
    }

    private static String help(List<String> command) {
        List<String> words = new ArrayList<>(command);
        words.add("--help");
        return Sandbox.current().runtime(words.toArray(new String[0])).run().stdout();
    }

    /** Returns the words of each command that help lists, the program itself first. */
    private static List<List<String>> commands(List<String> above) {
        List<List<String>> all = new ArrayList<>(List.of(above));
        String help = help(above);
        int list = help.indexOf("\nCommands:\n");
        Matcher matcher = COMMAND.matcher(list < 0 ? "" : help.substring(list));
        while (matcher.find()) {
            List<String> command = new ArrayList<>(above);
            command.add(matcher.group(1));
            all.addAll(commands(command));
        }
        return all;
    }

    @Test
    void everyCommandHasAPageWithAllItsOptions() throws IOException {
        List<List<String>> commands = commands(List.of());
        assertTrue(commands.size() > 20, commands::toString);
        try (Stream<Path> pages = Files.list(share().resolve("man/man8"))) {
            assertEquals(commands.size(), pages.count());
        }
        for (List<String> command : commands) {
            String name =
                    String.join("-", Stream.concat(Stream.of("jrunc"), command.stream()).toList());
            String page = Files.readString(share().resolve("man/man8/" + name + ".8"));
            for (String line : help(command).lines().filter(l -> l.matches(" +-.*")).toList()) {
                Matcher option = OPTION.matcher(line.replaceFirst("^ +", "  "));
                while (option.find()) {
                    String escaped = option.group().replace("-", "\\-");
                    assertTrue(page.contains(escaped), () -> name + " lacks " + escaped);
                }
            }
        }
    }

    @Test
    void pagesAreWithoutMistakes() throws IOException, InterruptedException {
        try (Stream<Path> pages = Files.list(share().resolve("man/man8"))) {
            for (Path page : pages.toList()) {
                assertEquals("", output("man", "--warnings", "-E", "UTF-8", "-l", "" + page)[1]);
            }
        }
    }

    private static String[] output(String... command) throws IOException, InterruptedException {
        Path errors = Sandbox.current().freshFile("errors");
        Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        String stdout = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return new String[] {stdout, Files.readString(errors)};
    }
}
