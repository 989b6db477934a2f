// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.IntegrationTests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The known attacks, the oldest first, and the tests that attempt them. */
final class Catalogue {
    private static final String RESOURCE = "/escape/catalogue.json";
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private Catalogue() {}

    static List<Attack> attacks() {
        try (InputStream in = Catalogue.class.getResourceAsStream(RESOURCE)) {
            return Arrays.asList(MAPPER.readValue(in, Attack[].class));
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
    }

    /** By what they say that they try: {@code ConsoleIT}, {@code ExecIT.userThatIsNoNumber…}. */
    static Map<String, List<String>> tests() {
        Map<String, List<String>> tests = new TreeMap<>();
        for (Class<?> type : IntegrationTests.classes()) {
            note(tests, type, type.getSimpleName());
            for (Method method : type.getDeclaredMethods()) {
                note(tests, method, type.getSimpleName() + "." + method.getName());
            }
        }
        tests.values().forEach(names -> names.sort(null));
        return tests;
    }

    private static void note(Map<String, List<String>> tests, AnnotatedElement at, String name) {
        Escape escape = at.getAnnotation(Escape.class);
        if (escape != null) {
            for (String id : escape.value()) {
                tests.computeIfAbsent(id, key -> new ArrayList<>()).add(name);
            }
        }
    }
}
