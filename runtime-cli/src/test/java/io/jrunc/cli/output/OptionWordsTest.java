// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.cli.Commands;
import io.jrunc.cli.command.Command;
import io.jrunc.cli.command.CommandGroup;
import io.jrunc.container.Containers;
import io.jrunc.linux.Failure;
import io.jrunc.sandbox.Sandboxes;
import io.jrunc.seccomp.Seccomp;
import java.io.InputStream;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;

/** The library speaks of its API, and the command line of its options. */
class OptionWordsTest {
    private static final Path SIGNATURES = Path.of("src/test/resources/api/signatures");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");
    private static final Pattern MEMBER = Pattern.compile("\\b[A-Z][A-Za-z]+\\.[A-Za-z_]+\\b");
    private static final int CONSTANT_STRING = 8;

    /** Only the command line uses these: nothing that a program calls reaches them. */
    private static final List<String> OF_THE_COMMAND_LINE =
            List.of(
                    "io/jrunc/confinement/",
                    "io/jrunc/host/survey/",
                    "io/jrunc/kernelaudit/",
                    "io/jrunc/seccomp/explain/",
                    "io/jrunc/seccomp/recording/");

    /** Options of other programs. */
    private static final Pattern OF_OTHERS =
            Pattern.compile(
                    "usermod --add-sub[ug]ids|criu check --all|^--inhibit-cache$|^--library-path$");

    /** The string constants of the libraries. */
    private static final Set<String> CONSTANTS = new TreeSet<>();

    @BeforeAll
    static void read() throws Exception {
        for (Class<?> type :
                List.of(Failure.class, Seccomp.class, Containers.class, Sandboxes.class)) {
            Path place = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
            try (ModuleReader module = ModuleFinder.of(place).findAll().iterator().next().open()) {
                for (String name : module.list().toList()) {
                    if (name.endsWith(".class")
                            && OF_THE_COMMAND_LINE.stream().noneMatch(name::startsWith)) {
                        try (InputStream in = module.open(name).orElseThrow()) {
                            addConstants(new ClassReader(in));
                        }
                    }
                }
            }
        }
        assertTrue(CONSTANTS.size() > 1000, () -> "constants: " + CONSTANTS.size());
    }

    private static void addConstants(ClassReader reader) {
        char[] buffer = new char[reader.getMaxStringLength()];
        for (int i = 1; i < reader.getItemCount(); i++) {
            int offset = reader.getItem(i);
            if (offset > 0 && reader.readByte(offset - 1) == CONSTANT_STRING) {
                CONSTANTS.add((String) reader.readConst(i, buffer));
            }
        }
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group()).toList();
    }

    @Test
    void noMessageOfTheLibraryNamesAnOptionOrACommand() {
        Pattern command = Pattern.compile("\\bjrunc (" + String.join("|", Commands.NAMES) + ")\\b");
        Set<String> found = new TreeSet<>();
        for (String constant : CONSTANTS) {
            String ours = OF_OTHERS.matcher(constant).replaceAll("");
            if (OPTION.matcher(ours).find() || command.matcher(ours).find()) {
                found.add(constant);
            }
        }

        assertEquals(Set.of(), found, "name what a program calls, see OptionWords");
    }

    /** So that a method that is renamed takes its words along. */
    @Test
    void whatTheLibraryNamesIsInItsApi() throws Exception {
        String signatures = Files.readString(SIGNATURES).replace('$', '.');
        for (String words : OptionWords.TABLE.keySet()) {
            List<String> members = matches(MEMBER, words);

            assertEquals(1, members.size(), words);
            assertTrue(
                    Pattern.compile("\\." + Pattern.quote(members.get(0)) + "\\b")
                            .matcher(signatures)
                            .find(),
                    words);
        }
    }

    @Test
    void eachOfItsNamesHasWordsOfTheCommandLine() {
        Set<String> types =
                OptionWords.TABLE.keySet().stream()
                        .flatMap(words -> matches(MEMBER, words).stream())
                        .map(member -> member.substring(0, member.indexOf('.')))
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<String> used = new TreeSet<>();
        for (String constant : CONSTANTS) {
            OptionWords.TABLE.keySet().stream().filter(constant::contains).forEach(used::add);
            if (constant.endsWith(" is null")) {
                continue; // a mistake of a program, which the command line does not make
            }
            Matcher left = MEMBER.matcher(OptionWords.of(constant));
            while (left.find()) {
                String type = left.group().substring(0, left.group().indexOf('.'));
                assertTrue(!types.contains(type), () -> "no words for it: " + constant);
            }
        }

        assertEquals(new TreeSet<>(OptionWords.TABLE.keySet()), used, "words that nothing uses");
    }

    @Test
    void whatTheCommandLineNamesIsThere() {
        Set<String> names = new TreeSet<>();
        List<Command> commands = new ArrayList<>(List.of(new Commands()));
        for (int i = 0; i < commands.size(); i++) {
            names.add(commands.get(i).name());
            commands.get(i).syntax().options().forEach(option -> names.addAll(option.names()));
            if (commands.get(i) instanceof CommandGroup group) {
                group.members().forEach(word -> commands.add(group.member(word).orElseThrow()));
            }
        }
        for (String words : OptionWords.TABLE.values()) {
            List<String> options = matches(OPTION, words);
            assertTrue(names.containsAll(options), words);
            if (options.isEmpty()) {
                String name =
                        words.replaceFirst("^jrunc ", "").replaceFirst(" (shows|writes).*", "");
                assertTrue(names.contains(name), words);
            }
        }
    }

    @Test
    void messagesAreSaidInItsWords() {
        assertEquals(
                "cannot exec in a paused container; resume it, or use --ignore-paused",
                OptionWords.of(
                        "cannot exec in a paused container; resume it, or use"
                                + " ExecOptions.ignorePaused"));
        assertEquals("state web1: ENOENT", OptionWords.of("state web1: ENOENT"));
    }
}
