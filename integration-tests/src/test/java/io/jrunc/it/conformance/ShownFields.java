package io.jrunc.it.conformance;

import io.jrunc.it.Shows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which integration tests say that they show which field.
 *
 * @param tests by field, or field and value: {@code LimitsIT.softLimitIsThere}
 */
record ShownFields(Map<String, List<String>> tests) {
    private static final Path CLASSES = Path.of("target", "test-classes");

    /**
     * The tests that show {@code field}: they name it, one of its values, or what it is a part of.
     */
    List<String> of(String field) {
        Set<String> found = new TreeSet<>();
        tests.forEach(
                (shown, names) -> {
                    if (shows(shown, field)) {
                        found.addAll(names);
                    }
                });
        return List.copyOf(found);
    }

    private static boolean shows(String shown, String field) {
        return shown.equals(field)
                || shown.startsWith(field + "=")
                || field.startsWith(shown + ".");
    }

    /** The tests that name exactly this field and value. */
    List<String> ofValue(String field, String value) {
        return tests.getOrDefault(field + "=" + value, List.of());
    }

    /** Whether a test may name it: it shows something of {@code entry}. */
    static boolean isAbout(String shown, Entry entry) {
        int equals = shown.indexOf('=');
        boolean known =
                equals < 0
                        || entry.values().isEmpty()
                        || entry.values().containsKey(shown.substring(equals + 1));
        return shows(shown, entry.field()) && known;
    }

    static ShownFields read() {
        Map<String, List<String>> shown = new TreeMap<>();
        for (Class<?> type : integrationTests()) {
            for (Method method : type.getDeclaredMethods()) {
                Shows shows = method.getAnnotation(Shows.class);
                if (shows != null) {
                    for (String field : shows.value()) {
                        shown.computeIfAbsent(field, key -> new ArrayList<>())
                                .add(type.getSimpleName() + "." + method.getName());
                    }
                }
            }
        }
        shown.values().forEach(tests -> tests.sort(null));
        return new ShownFields(shown);
    }

    private static List<Class<?>> integrationTests() {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            List<Class<?>> types = new ArrayList<>();
            for (Path file : files.filter(f -> f.toString().endsWith("IT.class")).toList()) {
                String name = CLASSES.relativize(file).toString().replace('/', '.');
                types.add(Class.forName(name.substring(0, name.length() - ".class".length())));
            }
            return types;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
