// SPDX-License-Identifier: Apache-2.0
package io.jrunc.handler;

import io.jrunc.linux.Failure;
import io.jrunc.spec.CrunAnnotations;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Decides by its annotations which handler a container has. Source: crun(1). */
final class Choice {
    /** A value that ends in this asks for the handler only where the program is for it. */
    static final String SMART = "-smart";

    private Choice() {}

    /**
     * Returns the handler for a program.
     *
     * @param program {@code process.args[0]}
     * @param head what the program's file begins with
     */
    static Optional<Handler> of(
            Map<String, String> annotations,
            List<Handler> handlers,
            String program,
            Supplier<byte[]> head) {
        for (Handler handler : handlers) {
            boolean asked = isAsked(annotations, handler, "");
            boolean smart = !asked && isAsked(annotations, handler, SMART);
            if (asked
                    || smart
                            && (handler.hasSuffixOf(program)
                                    || handler.hasSignatureOf(head.get()))) {
                return Optional.of(handler);
            }
            if (smart) {
                return Optional.empty();
            }
        }
        String named = annotations.get(CrunAnnotations.HANDLER);
        if (named != null) {
            throw Failure.invalid(
                    CrunAnnotations.field(CrunAnnotations.HANDLER),
                    "\"" + named + "\" names no handler of this host",
                    handlers.isEmpty()
                            ? "describe one in /etc/jrunc/handlers.d"
                            : "it has " + String.join(", ", names(handlers)));
        }
        return Optional.empty();
    }

    /** Returns whether the container may have this handler, smart or not. */
    static boolean isAsked(Map<String, String> annotations, Handler handler) {
        return isAsked(annotations, handler, "") || isAsked(annotations, handler, SMART);
    }

    private static List<String> names(List<Handler> handlers) {
        return handlers.stream().map(Handler::name).toList();
    }

    /** The annotation that names a handler alone decides, if it is there. */
    private static boolean isAsked(
            Map<String, String> annotations, Handler handler, String suffix) {
        String named = annotations.get(CrunAnnotations.HANDLER);
        if (named != null) {
            return named.equals(handler.name() + suffix);
        }
        for (String annotation : handler.annotations()) {
            int equals = annotation.indexOf('=');
            String name = annotation.substring(0, Math.max(0, equals));
            String value = annotation.substring(equals + 1) + suffix;
            if (value.equals(annotations.get(name))) {
                return true;
            }
        }
        return false;
    }
}
