// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.spec.IdMapping;
import io.jrunc.spec.Linux;
import io.jrunc.spec.Namespace;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import java.util.List;
import java.util.Optional;

/**
 * {@code linux.uidMappings} and {@code linux.gidMappings}. Source: runtime-spec
 * config-linux.md#user-namespace-mappings, user_namespaces(7).
 *
 * <p>Mappings beside the path of a user namespace are compared with that namespace when it is
 * joined; here they are only checked in themselves.
 */
final class UserNamespaceCheck extends Check {
    /** The kernel adds in 32 bits, and 4294967295 is no id but the -1 of chown(2). */
    private static final long IDS = 0xffff_ffffL;

    UserNamespaceCheck() {
        super("user namespace");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        Linux linux = spec.linux();
        Optional<Namespace> user = linux.namespace(NamespaceType.USER);
        mappings("linux.uidMappings", linux.uidMappings(), user);
        mappings("linux.gidMappings", linux.gidMappings(), user);
    }

    private static void mappings(String field, List<IdMapping> mappings, Optional<Namespace> user) {
        if (user.isEmpty() && !mappings.isEmpty()) {
            throw Failure.invalid(
                    field,
                    "needs a user namespace",
                    "add {\"type\": \"user\"} to linux.namespaces");
        }
        if (user.isPresent() && user.get().path().isEmpty() && mappings.isEmpty()) {
            throw Failure.invalid(
                    field,
                    "is missing, but a new user namespace needs it",
                    "map at least the id of the process");
        }
        check(field, mappings);
    }

    static void check(String field, List<IdMapping> mappings) {
        for (int i = 0; i < mappings.size(); i++) {
            IdMapping mapping = mappings.get(i);
            if (mapping.containerId() + mapping.size() > IDS
                    || mapping.hostId() + mapping.size() > IDS) {
                throw Failure.invalid(
                        field + '[' + i + "].size",
                        mapping.size() + " goes beyond the last id",
                        "write a smaller one");
            }
            for (int j = 0; j < i; j++) {
                overlap(field, mappings.get(j), j, mapping, i);
            }
        }
    }

    private static void overlap(String field, IdMapping a, int atA, IdMapping b, int atB) {
        if (overlap(a.containerId(), a.size(), b.containerId(), b.size())
                || overlap(a.hostId(), a.size(), b.hostId(), b.size())) {
            throw Failure.invalid(
                    field + '[' + atB + ']',
                    "overlaps " + field + '[' + atA + ']',
                    "map each id once");
        }
    }

    private static boolean overlap(long a, long sizeA, long b, long sizeB) {
        return a < b + sizeB && b < a + sizeA;
    }
}
