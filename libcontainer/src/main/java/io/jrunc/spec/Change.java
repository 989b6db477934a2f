// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Values as they are once others are set: what is absent there stays. */
final class Change {
    private Change() {}

    static OptionalLong of(OptionalLong now, OptionalLong wanted) {
        return Ranges.isSet(wanted) ? wanted : now;
    }

    static <T> Optional<T> of(Optional<T> now, Optional<T> wanted) {
        return wanted.isPresent() ? wanted : now;
    }

    /** Returns the text that counts; an empty one is "not set". */
    static Optional<String> ofText(Optional<String> now, Optional<String> wanted) {
        return wanted.orElse("").isEmpty() ? now : wanted;
    }

    /** Returns both lists as one; of two elements with one key, the wanted one counts. */
    static <T> List<T> of(List<T> now, List<T> wanted, Function<T, String> key) {
        Map<String, T> merged = new LinkedHashMap<>();
        now.forEach(one -> merged.put(key.apply(one), one));
        wanted.forEach(one -> merged.put(key.apply(one), one));
        return new ArrayList<>(merged.values());
    }

    static <T> Map<String, T> of(Map<String, T> now, Map<String, T> wanted) {
        Map<String, T> merged = new LinkedHashMap<>(now);
        merged.putAll(wanted);
        return merged;
    }
}
