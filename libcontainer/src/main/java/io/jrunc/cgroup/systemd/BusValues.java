// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.systemd;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.freedesktop.dbus.types.UInt64;

/** Values as dbus-java wants them: structures as arrays, unsigned numbers as its own type. */
final class BusValues {
    private BusValues() {}

    static Object of(String signature, Object value) {
        if (signature.equals("t")) {
            return new UInt64(new BigInteger(Long.toUnsignedString((Long) value)));
        }
        if (signature.charAt(0) == 'a') {
            List<Object> elements = new ArrayList<>();
            for (Object element : (List<?>) value) {
                elements.add(of(signature.substring(1), element));
            }
            return elements;
        }
        if (signature.charAt(0) == '(') {
            List<?> fields = (List<?>) value;
            Object[] structure = new Object[fields.size()];
            int at = 1;
            for (int i = 0; i < structure.length; i++) {
                int end = endOfType(signature, at);
                structure[i] = of(signature.substring(at, end), fields.get(i));
                at = end;
            }
            return structure;
        }
        return value;
    }

    /** Returns the index behind the complete type that begins at {@code at}. */
    static int endOfType(String signature, int at) {
        int end = at;
        while (signature.charAt(end) == 'a') {
            end++;
        }
        if (signature.charAt(end) != '(') {
            return end + 1;
        }
        int depth = 0;
        do {
            char c = signature.charAt(end++);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        } while (depth > 0);
        return end;
    }
}
