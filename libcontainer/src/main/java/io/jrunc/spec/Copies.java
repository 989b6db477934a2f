// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Unmodifiable copies for the records' constructors. */
public final class Copies {
    private Copies() {}

    /** Keeps the order, which {@link Map#copyOf} does not. */
    public static <K, V> Map<K, V> map(Map<K, V> map) {
        return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    // Not list.map(List::copyOf): the first lambda of a cold JVM costs milliseconds.
    static <T> Optional<List<T>> list(Optional<List<T>> list) {
        return list.isPresent() ? Optional.of(List.copyOf(list.get())) : list;
    }
}
