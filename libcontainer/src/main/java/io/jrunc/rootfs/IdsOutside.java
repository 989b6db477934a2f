// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import io.jrunc.spec.Capabilities;
import io.jrunc.spec.IdMapping;
import io.jrunc.spec.Linux;
import io.jrunc.spec.ProcessSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The ids of a container as the host counts them, and what they may do to files of the host. */
record IdsOutside(List<IdMapping> uids, List<IdMapping> gids) {
    /** Permission bits; of a directory, the first means to search it. */
    static final int EXECUTE = 1;

    static final int WRITE = 2;

    private static final long DAC_OVERRIDE = 1 << 1;
    private static final long DAC_READ_SEARCH = 1 << 2;

    /**
     * Returns those of a process, or, without one, what the configuration says; empty without any.
     */
    static Optional<IdsOutside> of(Kernel runtime, Linux linux, int pid) {
        List<IdMapping> uids = mappings(runtime, pid, "uid_map", linux.uidMappings());
        List<IdMapping> gids = mappings(runtime, pid, "gid_map", linux.gidMappings());
        return uids.isEmpty() || gids.isEmpty()
                ? Optional.empty()
                : Optional.of(new IdsOutside(uids, gids));
    }

    private static List<IdMapping> mappings(
            Kernel runtime, int pid, String file, List<IdMapping> configured) {
        String path = "/proc/" + pid + "/" + file;
        try (Fd map = runtime.files().openIfExists(runtime.files().here(), path, OpenFlag.RDONLY)) {
            String lines = map.isOpen() ? runtime.files().readText(map) : "";
            return lines.isBlank() ? configured : IdMapping.parse(lines);
        }
    }

    /**
     * Returns the root of the user namespace, which sets the container up; empty if it is not
     * mapped.
     */
    Optional<User> root() {
        return user("the container's root", 0, 0, List.of(), DAC_OVERRIDE);
    }

    /** Returns the user that a program will run as; empty if it is not mapped. */
    Optional<User> of(ProcessSpec process) {
        var user = process.user();
        return user(
                "uid " + user.uid() + " of the container",
                user.uid(),
                user.gid(),
                user.additionalGids(),
                effective(process, "CAP_DAC_OVERRIDE", DAC_OVERRIDE)
                        | effective(process, "CAP_DAC_READ_SEARCH", DAC_READ_SEARCH));
    }

    private static long effective(ProcessSpec process, String name, long bit) {
        return process.capabilities()
                .flatMap(Capabilities::effective)
                .filter(names -> names.contains(name))
                .map(names -> bit)
                .orElse(0L);
    }

    private Optional<User> user(
            String description, long uid, long gid, List<Long> groups, long capabilities) {
        OptionalLong outside = IdMapping.outside(uids, uid);
        OptionalLong group = IdMapping.outside(gids, gid);
        if (outside.isEmpty() || group.isEmpty()) {
            return Optional.empty();
        }
        List<Long> more = new ArrayList<>();
        for (long one : groups) {
            IdMapping.outside(gids, one).ifPresent(more::add);
        }
        return Optional.of(
                new User(
                        this,
                        description,
                        outside.getAsLong(),
                        group.getAsLong(),
                        more,
                        capabilities));
    }

    private boolean haveOwnerOf(Stat stat) {
        return isMapped(uids, stat.uid()) && isMapped(gids, stat.gid());
    }

    private static boolean isMapped(List<IdMapping> mappings, int signedId) {
        long id = Integer.toUnsignedLong(signedId);
        for (IdMapping mapping : mappings) {
            if (id >= mapping.hostId() && id - mapping.hostId() < mapping.size()) {
                return true;
            }
        }
        return false;
    }

    /** One of these ids. */
    record User(
            IdsOutside ids,
            String description,
            long uid,
            long gid,
            List<Long> groups,
            long capabilities) {
        /**
         * By its permission bits, or by its capabilities, which count for files of ids that the
         * user namespace maps. path_resolution(7), capabilities(7).
         */
        boolean may(Stat stat, int permission) {
            int wanted = permission << shift(stat);
            return (stat.permissions() & wanted) != 0
                    || ids.haveOwnerOf(stat) && mayOverride(stat, permission);
        }

        private boolean mayOverride(Stat stat, int permission) {
            if (stat.isDirectory() && permission == EXECUTE) {
                return (capabilities & (DAC_OVERRIDE | DAC_READ_SEARCH)) != 0;
            }
            boolean executable = permission != EXECUTE || (stat.permissions() & 0111) != 0;
            return executable && (capabilities & DAC_OVERRIDE) != 0;
        }

        /** Returns which class of permission bits counts for it, in the words of chmod(1). */
        String classOf(Stat stat) {
            int shift = shift(stat);
            return shift == 6 ? "u" : shift == 3 ? "g" : "o";
        }

        private int shift(Stat stat) {
            long group = Integer.toUnsignedLong(stat.gid());
            if (Integer.toUnsignedLong(stat.uid()) == uid) {
                return 6;
            }
            return group == gid || groups.contains(group) ? 3 : 0;
        }

        /** Returns the first half of a sentence, which goes on with what it may not do. */
        String against(String path, Stat stat) {
            return path
                    + " belongs to "
                    + Integer.toUnsignedString(stat.uid())
                    + ":"
                    + Integer.toUnsignedString(stat.gid())
                    + " and has mode "
                    + Integer.toOctalString(stat.permissions())
                    + ", so uid "
                    + uid
                    + ", "
                    + description
                    + ", ";
        }
    }
}
