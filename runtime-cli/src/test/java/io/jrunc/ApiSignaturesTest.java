// SPDX-License-Identifier: Apache-2.0
package io.jrunc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What programs that embed the library are compiled against. A line that is gone breaks them, a
 * line more must be kept: each change of {@code api/signatures} is a decision. {@code
 * -Dgolden.update=true} writes the file. Before the first release, lines may go.
 */
class ApiSignaturesTest {
    private static final Path FILE = Path.of("src/test/resources/api/signatures");
    private static final List<String> PACKAGES =
            List.of("io.jrunc.sandbox", "io.jrunc.container", "io.jrunc.container.model");

    @Test
    void apiIsTheRecordedOne() throws IOException {
        Set<String> found = new TreeSet<>();
        for (JavaClass one :
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.jrunc.sandbox", "io.jrunc.container")) {
            if (PACKAGES.contains(one.getPackageName()) && isPublic(one.reflect())) {
                add(one.reflect(), found);
            }
        }
        String text = String.join("\n", found) + "\n";
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, text);
        }

        assertTrue(found.size() > 100, () -> "signatures: " + found.size());
        assertEquals(Files.readString(FILE), text, "if this is meant: -Dgolden.update=true");
    }

    private static boolean isPublic(Class<?> one) {
        Class<?> outer = one.getEnclosingClass();
        return Modifier.isPublic(one.getModifiers()) && (outer == null || isPublic(outer));
    }

    private static void add(Class<?> one, Set<String> found) {
        found.add(one.toGenericString());
        for (Field field : one.getDeclaredFields()) {
            if (isVisible(field)) {
                found.add(field.toGenericString());
            }
        }
        for (Constructor<?> constructor : one.getDeclaredConstructors()) {
            if (isVisible(constructor)) {
                found.add(constructor.toGenericString());
            }
        }
        for (Method method : one.getDeclaredMethods()) {
            if (isVisible(method)) {
                found.add(method.toGenericString());
            }
        }
    }

    private static boolean isVisible(Member member) {
        int modifiers = member.getModifiers();
        return !member.isSynthetic()
                && (Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers));
    }
}
