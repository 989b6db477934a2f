// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.setup.SetupContext;
import io.jrunc.spec.IdMapping;
import io.jrunc.spec.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whose the files of a mount look like. {@code containerID} is the owner on disk, {@code hostID}
 * what the host, and through its own maps the container, takes for the owner. Source: runtime-spec
 * config.md#posix-platform-mounts, mount_setattr(2); for {@code idmap=uids=…;gids=…} crun(1).
 *
 * @param uids empty: those of the container's user namespace, as are the groups
 * @param recursive whether the mounts below the source are mapped as well
 */
record IdMap(List<IdMapping> uids, List<IdMapping> gids, boolean recursive) {
    private static final List<String> OPTIONS = List.of("idmap", "ridmap");
    private static final String REMEDY =
            "write for example \"idmap=uids=0-1000-10;gids=0-1000-10\"";

    public IdMap {
        uids = List.copyOf(uids);
        gids = List.copyOf(gids);
    }

    /** Returns whether {@code option} is about this, with or without a value. */
    static boolean isOption(String option) {
        int equals = option.indexOf('=');
        return OPTIONS.contains(equals < 0 ? option : option.substring(0, equals));
    }

    /**
     * Returns what {@code mount}, written at {@code field}, asks for; empty if it asks for nothing.
     *
     * @param container the maps of the container, which others may be relative to
     */
    static Optional<IdMap> of(String field, Mount mount, IdMap container) {
        List<IdMapping> uids = mount.uidMappings();
        List<IdMapping> gids = mount.gidMappings();
        boolean asked = !uids.isEmpty();
        boolean recursive = false;
        for (String option : mount.options()) {
            if (!isOption(option)) {
                continue;
            }
            asked = true;
            recursive = option.startsWith("r");
            int equals = option.indexOf('=');
            if (equals >= 0) {
                Parser parser = new Parser(field + ".options", option, container);
                parser.parse(option.substring(equals + 1));
                uids = parser.uids;
                gids = parser.gids;
            }
        }
        return asked ? Optional.of(new IdMap(uids, gids, recursive)) : Optional.empty();
    }

    /**
     * Returns the user namespace with these maps, open in the runtime; not the caller's to close.
     */
    Fd userNamespace(SetupContext context) {
        return uids.isEmpty()
                ? context.helpers().userNamespaceOfInit()
                : context.helpers().userNamespace(uids, gids);
    }

    /** Reads {@code uids=0-1-10#10-11-10;gids=@0-100-10}. */
    private static final class Parser {
        private final String field;
        private final String option;
        private final IdMap container;
        private List<IdMapping> uids = List.of();
        private List<IdMapping> gids = List.of();

        private Parser(String field, String option, IdMap container) {
            this.field = field;
            this.option = option;
            this.container = container;
        }

        private void parse(String value) {
            for (String part : value.split(";", -1)) {
                if (part.startsWith("uids=")) {
                    uids = mappings(part.substring(5), container.uids);
                } else if (part.startsWith("gids=")) {
                    gids = mappings(part.substring(5), container.gids);
                } else {
                    throw invalid("holds neither uids= nor gids=");
                }
            }
            if (uids.isEmpty() || gids.isEmpty()) {
                throw invalid("needs both uids= and gids=");
            }
        }

        private List<IdMapping> mappings(String text, List<IdMapping> relatives) {
            List<IdMapping> mappings = new ArrayList<>();
            for (String range : text.split("#", -1)) {
                boolean relative = range.startsWith("@");
                String[] words = (relative ? range.substring(1) : range).split("-", -1);
                if (words.length != 3) {
                    throw invalid("has a range \"" + range + "\" that is not three numbers");
                }
                long host = number(words[1]);
                mappings.add(
                        new IdMapping(
                                number(words[0]),
                                relative ? outside(host, relatives) : host,
                                number(words[2])));
            }
            return mappings;
        }

        private long number(String word) {
            try {
                return Long.parseLong(word);
            } catch (NumberFormatException e) {
                throw invalid("has \"" + word + "\" in place of a number");
            }
        }

        /** Returns what the host calls this id of the container. */
        private long outside(long id, List<IdMapping> relatives) {
            return IdMapping.outside(relatives, id)
                    .orElseThrow(
                            () ->
                                    invalid(
                                            "is relative to id "
                                                    + id
                                                    + ", which the container does not map"));
        }

        private Failure invalid(String problem) {
            return Failure.invalid(field, "\"" + option + "\" " + problem, REMEDY);
        }
    }
}
