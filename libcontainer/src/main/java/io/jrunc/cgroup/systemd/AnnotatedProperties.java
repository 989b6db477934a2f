// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.systemd;

import io.jrunc.linux.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Annotations {@code org.systemd.property.NAME}, whose values are GVariant text. A time that is
 * called {@code …Sec} is in seconds; on the bus it is {@code …USec}, in microseconds.
 */
final class AnnotatedProperties {
    private static final String PREFIX = "org.systemd.property.";
    private static final int SHORTEST_NAME = 3;
    private static final double SECOND_MICROS = 1_000_000;

    private AnnotatedProperties() {}

    static List<UnitProperty> of(Map<String, String> annotations) {
        List<UnitProperty> properties = new ArrayList<>();
        annotations.forEach(
                (key, value) -> {
                    if (key.startsWith(PREFIX)) {
                        properties.add(property(key, key.substring(PREFIX.length()), value));
                    }
                });
        return properties;
    }

    private static UnitProperty property(String key, String name, String text) {
        String field = "annotations[\"" + key + "\"]";
        if (name.length() < SHORTEST_NAME || !name.chars().allMatch(AnnotatedProperties::letter)) {
            throw Failure.invalid(
                    field,
                    "\"" + name + "\" is no name of a property",
                    "write at least three letters of the alphabet");
        }
        Variant variant = VariantText.parse(field, text);
        if (!name.endsWith("Sec") || name.endsWith("USec")) {
            return new UnitProperty(name, variant.signature(), variant.value());
        }
        if (!(variant.value() instanceof Number seconds)) {
            throw Failure.invalid(
                    field, text + " is not a number of seconds", "write for example 2");
        }
        String micros = name.substring(0, name.length() - "Sec".length()) + "USec";
        return UnitProperty.number(micros, (long) (seconds.doubleValue() * SECOND_MICROS));
    }

    private static boolean letter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
