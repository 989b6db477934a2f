// SPDX-License-Identifier: Apache-2.0
package io.jrunc.namespace;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import io.jrunc.setup.SetupContext;
import io.jrunc.spec.IdMapping;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes the maps of the user namespace that the stage has created, from outside. Root, also root
 * of another user namespace, writes what it likes; an ordinary user his own id, and for others
 * there is a {@link MappingTool}. Source: user_namespaces(7), "Defining user and group ID
 * mappings".
 */
record IdMaps(SetupContext context) {
    /** Writes both. */
    void write(List<IdMapping> uids, List<IdMapping> gids) {
        if (!isWritten("uid_map", uids)) {
            requireOurs("uid_map", "linux.uidMappings", uids);
            MappingTool.UIDS.map(context, uids);
        }
        if (!isWritten("gid_map", gids) && !isWrittenWithoutSetgroups(gids)) {
            requireOurs("gid_map", "linux.gidMappings", gids);
            MappingTool.GIDS.map(context, gids);
        }
    }

    /** Returns whether the kernel let us. */
    private boolean isWritten(String file, List<IdMapping> mappings) {
        Files files = context.runtime().files();
        try (Fd map = files.open(path(file), OpenFlag.WRONLY)) {
            files.write(map, IdMapping.lines(mappings)).result();
            return true;
        } catch (Failure f) {
            if (f.is(Errno.EPERM)) {
                return false;
            }
            throw f.is(Errno.EINVAL) ? f.during("mappings overlap or are out of range") : f;
        }
    }

    /** A process may map its own group if setgroups(2) is denied there for ever. */
    private boolean isWrittenWithoutSetgroups(List<IdMapping> gids) {
        Files files = context.runtime().files();
        boolean one = gids.size() == 1 && gids.get(0).size() == 1;
        if (!one || gids.get(0).hostId() != files.statIfExists(path("")).orElseThrow().gid()) {
            return false;
        }
        try (Fd setgroups = files.open(path("setgroups"), OpenFlag.WRONLY)) {
            files.write(setgroups, "deny").result();
        }
        return isWritten("gid_map", gids);
    }

    /** Ids that are not mapped in this namespace cannot be mapped further, not even by root. */
    private void requireOurs(String file, String field, List<IdMapping> mappings) {
        Files files = context.runtime().files();
        String own;
        try (Fd map = files.open("/proc/self/" + file, OpenFlag.RDONLY)) {
            own = new String(files.readAll(map), StandardCharsets.UTF_8);
        }
        for (int i = 0; i < mappings.size(); i++) {
            IdMapping mapping = mappings.get(i);
            if (!isWithin(own, mapping)) {
                throw Failure.invalid(
                        field + '[' + i + ']',
                        "the ids from "
                                + mapping.hostId()
                                + " to "
                                + (mapping.hostId() + mapping.size() - 1)
                                + " do not lie in one range of the user namespace that jrunc runs"
                                + " in (/proc/self/"
                                + file
                                + ": "
                                + own.strip().replaceAll("\\s*\n\\s*", ", ").replaceAll(" +", " ")
                                + ")",
                        "use ids that do");
            }
        }
    }

    /**
     * Returns whether a line of {@code map} has all of the ids; the kernel does not look at two.
     */
    static boolean isWithin(String map, IdMapping mapping) {
        return map.lines()
                .map(line -> line.strip().split(" +", -1))
                .anyMatch(
                        words -> {
                            long first = Long.parseLong(words[0]);
                            long end = first + Long.parseLong(words[2]);
                            return first <= mapping.hostId()
                                    && mapping.hostId() + mapping.size() <= end;
                        });
    }

    private String path(String file) {
        return "/proc/" + context.stagePid() + "/" + file;
    }
}
