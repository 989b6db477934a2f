// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The documents have every field: {@link SpecReaderTest} would not notice that the reader or the
 * writer forgets one that they have not, nor would the table of {@code docs/spec-conformance.md}.
 */
class EveryFieldTest {
    private final Set<String> known = new TreeSet<>();
    private final Set<String> present = new TreeSet<>();

    @Test
    void everyComponentOfTheRecordsIsPresentInOneOfThem() throws ReflectiveOperationException {
        for (Path document : Documents.good()) {
            visit(SpecReader.read(Documents.bytes(document)));
        }

        known.removeAll(present);
        // No flag is defined, so any is refused; what handlers and annotations add is no field of
        // the document.
        assertEquals(
                Set.of("Personality.flags", "ProcessSpec.interpreter", "Seccomp.bpfData"), known);
    }

    private void visit(Object value) throws ReflectiveOperationException {
        if (value instanceof Optional<?> one && one.isPresent()) {
            visit(one.get());
        } else if (value instanceof Map<?, ?> map) {
            visit(map.values());
        } else if (value instanceof Collection<?> all) {
            for (Object one : all) {
                visit(one);
            }
        } else if (value instanceof Record) {
            components(value);
        }
    }

    private void components(Object holder) throws ReflectiveOperationException {
        for (RecordComponent component : holder.getClass().getRecordComponents()) {
            Object value = component.getAccessor().invoke(holder);
            String name = holder.getClass().getSimpleName() + "." + component.getName();
            known.add(name);
            if (isPresent(value)) {
                present.add(name);
            }
            visit(value);
        }
    }

    private static boolean isPresent(Object value) {
        return !(value.equals(Optional.empty())
                || value.equals(OptionalInt.empty())
                || value.equals(OptionalLong.empty())
                || value.equals(false)
                || (value instanceof Map<?, ?> map && map.isEmpty())
                || (value instanceof Collection<?> all && all.isEmpty()));
    }
}
