// SPDX-License-Identifier: Apache-2.0
package io.jrunc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What is absent is an Optional or an empty value wherever another class sees it. NullAway checks
 * in the build that nothing is null without {@code @Nullable}; this checks where that may stand.
 */
class AbsenceTest {
    /** The null of a JSON document is a value of it, and not the absence of one. */
    private static final Set<String> NULL_IS_A_VALUE =
            Set.of("io.jrunc.json.JsonTree.parse", "io.jrunc.json.JsonTree.describe");

    private static final List<Class<?>> PROGRAM = program();

    private static List<Class<?>> program() {
        List<Class<?>> classes = new ArrayList<>();
        for (JavaClass one :
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.jrunc")) {
            classes.add(one.reflect());
        }
        return classes;
    }

    @Test
    void nullStaysInsideAClass() {
        Set<String> found = new TreeSet<>();
        for (Class<?> one : PROGRAM) {
            if (isPrivate(one)) {
                continue;
            }
            for (Executable constructor : one.getDeclaredConstructors()) {
                addTo(found, constructor, constructor.getAnnotatedParameterTypes());
            }
            for (Method method : one.getDeclaredMethods()) {
                addTo(found, method, method.getAnnotatedParameterTypes());
                addTo(found, method, method.getAnnotatedReturnType());
            }
            for (Field field : one.getDeclaredFields()) {
                addTo(found, field, field.getAnnotatedType());
            }
        }

        assertEquals(new TreeSet<>(NULL_IS_A_VALUE), found);
    }

    private static boolean isPrivate(Class<?> one) {
        Class<?> outer = one.getEnclosingClass();
        return Modifier.isPrivate(one.getModifiers()) || outer != null && isPrivate(outer);
    }

    private static void addTo(Set<String> found, Member member, AnnotatedType... types) {
        if (Modifier.isPrivate(member.getModifiers()) || member.isSynthetic()) {
            return;
        }
        for (AnnotatedType type : types) {
            if (type.isAnnotationPresent(Nullable.class)) {
                String owner = member.getDeclaringClass().getName();
                found.add(member.getName().equals(owner) ? owner : owner + "." + member.getName());
            }
        }
    }

    /** What is not marked, NullAway does not look at. */
    @Test
    void everyClassIsChecked() {
        Set<String> unchecked = new TreeSet<>();
        for (Class<?> one : PROGRAM) {
            boolean marked = one.getPackage().isAnnotationPresent(NullMarked.class);
            if (!marked || one.isAnnotationPresent(NullUnmarked.class)) {
                unchecked.add(one.getName());
            }
        }

        assertTrue(PROGRAM.size() > 500, () -> "classes: " + PROGRAM.size());
        assertEquals(Set.of(), unchecked);
    }
}
