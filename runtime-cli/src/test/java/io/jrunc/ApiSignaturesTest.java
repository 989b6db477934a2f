// SPDX-License-Identifier: Apache-2.0
package io.jrunc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.jrunc.container.Containers;
import io.jrunc.linux.Failure;
import io.jrunc.sandbox.Sandboxes;
import io.jrunc.seccomp.Seccomp;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
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

    /** A type of each module that programs may use. */
    private static final List<Class<?>> MODULES =
            List.of(Failure.class, Seccomp.class, Containers.class, Sandboxes.class);

    /** Of system calls, programs need these alone: the others are exported with their package. */
    private static final Set<String> LINUX = Set.of("Failure", "Failure$Code", "Errno", "Fd");

    @Test
    void apiIsTheRecordedOne() throws Exception {
        Set<String> found = new TreeSet<>();
        Set<String> packages = new TreeSet<>();
        for (Class<?> type : MODULES) {
            exportedBy(descriptor(type), packages, found);
        }
        for (JavaClass one :
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages(packages)) {
            if (packages.contains(one.getPackageName()) && isKept(one.reflect())) {
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

    private static ModuleDescriptor descriptor(Class<?> type) throws URISyntaxException {
        URI place = type.getProtectionDomain().getCodeSource().getLocation().toURI();
        return ModuleFinder.of(Path.of(place)).findAll().iterator().next().descriptor();
    }

    /** Adds what every module may use; what only sister modules may use is none of the API. */
    private static void exportedBy(
            ModuleDescriptor module, Set<String> packages, Set<String> found) {
        for (ModuleDescriptor.Exports exports : module.exports()) {
            if (!exports.isQualified()) {
                packages.add(exports.source());
                found.add("module " + module.name() + " exports " + exports.source());
            }
        }
    }

    private static boolean isKept(Class<?> one) {
        return isPublic(one)
                && (!one.getPackageName().equals(Failure.class.getPackageName())
                        || LINUX.contains(one.getName().substring("io.jrunc.linux.".length())));
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
