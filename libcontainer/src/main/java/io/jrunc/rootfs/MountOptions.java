// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.MountAttr;
import io.jrunc.linux.Propagation;
import io.jrunc.spec.Mount;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The {@code options} of a mount, sorted by what the kernel does with them. Source: runtime-spec
 * config.md#linux-mount-options.
 *
 * @param set attributes to set on the mount
 * @param clear attributes to clear on it
 * @param recursiveSet attributes to set on it and all mounts below
 * @param recursiveClear attributes to clear there
 * @param fileSystemFlags options without value for the file system itself: {@code sync}
 * @param data options for the file system: {@code mode=755}
 * @param propagation what to do after mounting, in order
 * @param bind whether this is a bind mount
 * @param recursive whether the mounts below the source come along
 * @param extras what is asked for beside
 */
public record MountOptions(
        Set<MountAttr> set,
        Set<MountAttr> clear,
        Set<MountAttr> recursiveSet,
        Set<MountAttr> recursiveClear,
        List<String> fileSystemFlags,
        List<String> data,
        List<Spread> propagation,
        boolean bind,
        boolean recursive,
        Set<Extra> extras) {

    /** Options that change how a mount is made rather than what it is. */
    public enum Extra {
        /** Change the mount that is there already. */
        REMOUNT("remount"),
        /** A tmpfs begins as a copy of what it covers. */
        COPY_UP("tmpcopyup"),
        /** A source that is a symbolic link is recreated, not mounted. Source: crun(1). */
        COPY_SYMLINK("copy-symlink"),
        /** A source that is a symbolic link is mounted itself. Source: crun(1). */
        SOURCE_NOFOLLOW("src-nofollow"),
        /** A destination that is a symbolic link is mounted on itself. Source: crun(1). */
        DESTINATION_NOFOLLOW("dest-nofollow");

        private final String option;

        Extra(String option) {
            this.option = option;
        }
    }

    /** A change of propagation; {@code recursive} for {@code rslave} and its like. */
    public record Spread(Propagation propagation, boolean recursive) {}

    private enum Effect {
        SET,
        CLEAR,
        RECURSIVE_SET,
        RECURSIVE_CLEAR,
        RELATIVE_TIMES,
        RECURSIVE_RELATIVE_TIMES
    }

    /** What an option does to an attribute of the mount. */
    private record Change(Effect effect, MountAttr attribute) {}

    private static final Map<String, Change> CHANGES = changes();
    private static final Map<String, Spread> SPREADS = spreads();
    private static final Map<String, Extra> EXTRAS = extrasByOption();
    private static final String RECURSIVE_BIND = "rbind";

    private static final Set<String> FILE_SYSTEM_FLAGS =
            Set.of(
                    "sync",
                    "async",
                    "dirsync",
                    "lazytime",
                    "nolazytime",
                    "mand",
                    "nomand",
                    "iversion");

    /**
     * How much the kernel logs is not to be seen. {@link Mount#isBind} reads "bind"; what "idmap"
     * asks for stands partly in other fields: IdMap reads it. The others are what is there anyway.
     */
    private static final Set<String> NOTHING =
            Set.of(
                    "defaults",
                    "loud",
                    "silent",
                    "noiversion",
                    "norelatime",
                    "rnorelatime",
                    "bind",
                    "idmap",
                    "ridmap");

    /** Returns the names of all options that have a meaning of their own, sorted. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(CHANGES.keySet());
        names.addAll(SPREADS.keySet());
        names.addAll(EXTRAS.keySet());
        names.addAll(FILE_SYSTEM_FLAGS);
        names.addAll(NOTHING);
        names.add(RECURSIVE_BIND);
        names.sort(null);
        return names;
    }

    /** Sorts the options of {@code mount}. */
    public static MountOptions of(Mount mount) {
        Builder to = new Builder();
        for (String option : mount.options()) {
            to.add(option);
        }
        return new MountOptions(
                to.set,
                to.clear,
                to.recursiveSet,
                to.recursiveClear,
                to.fileSystemFlags,
                to.data,
                to.propagation,
                mount.isBind(),
                to.recursive,
                to.extras);
    }

    /**
     * Returns the options for the file system that one string holds: mount(2), which runc and crun
     * hand them to, takes commas for separators, except in quotes and behind a backslash.
     */
    private static List<String> separate(String option) {
        List<String> options = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i <= option.length(); i++) {
            char c = i == option.length() ? ',' : option.charAt(i);
            boolean escaped = i > 0 && i < option.length() && option.charAt(i - 1) == '\\';
            quoted ^= c == '"';
            if (c == ',' && !escaped && (!quoted || i == option.length())) {
                if (i > start) {
                    options.add(option.substring(start, i));
                }
                start = i + 1;
            }
        }
        return options;
    }

    /** Returns the same with one more option for the file system. */
    MountOptions with(String datum) {
        List<String> more = new ArrayList<>(data);
        more.add(datum);
        return new MountOptions(
                set,
                clear,
                recursiveSet,
                recursiveClear,
                fileSystemFlags,
                more,
                propagation,
                bind,
                recursive,
                extras);
    }

    /** Returns whether the mount is to be read-only. */
    boolean readOnly() {
        return set.contains(MountAttr.RDONLY);
    }

    /** Returns whether it is asked for. */
    public boolean has(Extra extra) {
        return extras.contains(extra);
    }

    private static final class Builder {
        private final Set<MountAttr> set = EnumSet.noneOf(MountAttr.class);
        private final Set<MountAttr> clear = EnumSet.noneOf(MountAttr.class);
        private final Set<MountAttr> recursiveSet = EnumSet.noneOf(MountAttr.class);
        private final Set<MountAttr> recursiveClear = EnumSet.noneOf(MountAttr.class);
        private final List<String> fileSystemFlags = new ArrayList<>();
        private final List<String> data = new ArrayList<>();
        private final List<Spread> propagation = new ArrayList<>();
        private final Set<Extra> extras = EnumSet.noneOf(Extra.class);
        private boolean recursive;

        private void add(String option) {
            Change change = CHANGES.get(option);
            Spread spread = SPREADS.get(option);
            Extra extra = EXTRAS.get(option);
            if (change != null) {
                apply(change.effect, change.attribute);
            } else if (spread != null) {
                propagation.add(spread);
            } else if (extra != null) {
                extras.add(extra);
            } else if (option.equals(RECURSIVE_BIND)) {
                recursive = true;
            } else if (FILE_SYSTEM_FLAGS.contains(option)) {
                fileSystemFlags.add(option);
            } else if (!NOTHING.contains(option) && !IdMap.isOption(option)) {
                data.addAll(separate(option));
            }
        }

        /** A later option undoes an earlier one: {@code ro,rw} is {@code rw}. */
        private void apply(Effect effect, MountAttr attribute) {
            switch (effect) {
                case SET -> {
                    set.removeAll(alternatives(attribute));
                    move(attribute, clear, set);
                }
                case CLEAR -> move(attribute, set, clear);
                case RECURSIVE_SET -> {
                    recursiveSet.removeAll(alternatives(attribute));
                    move(attribute, recursiveClear, recursiveSet);
                }
                case RELATIVE_TIMES -> {
                    set.remove(MountAttr.STRICTATIME);
                    move(attribute, set, clear);
                }
                case RECURSIVE_RELATIVE_TIMES -> {
                    recursiveSet.remove(MountAttr.STRICTATIME);
                    move(attribute, recursiveSet, recursiveClear);
                }
                case RECURSIVE_CLEAR -> move(attribute, recursiveSet, recursiveClear);
            }
        }

        /** Treats the access time modes as one field: each option clears the others. */
        private static Set<MountAttr> alternatives(MountAttr attribute) {
            return attribute == MountAttr.NOATIME
                    ? Set.of(MountAttr.STRICTATIME)
                    : attribute == MountAttr.STRICTATIME ? Set.of(MountAttr.NOATIME) : Set.of();
        }

        private static void move(MountAttr attribute, Set<MountAttr> from, Set<MountAttr> to) {
            from.remove(attribute);
            to.add(attribute);
        }
    }

    private static Map<String, Change> changes() {
        Map<String, Change> table = new HashMap<>();
        attribute(table, "ro", "rw", MountAttr.RDONLY);
        attribute(table, "nosuid", "suid", MountAttr.NOSUID);
        attribute(table, "nodev", "dev", MountAttr.NODEV);
        attribute(table, "noexec", "exec", MountAttr.NOEXEC);
        attribute(table, "noatime", "atime", MountAttr.NOATIME);
        attribute(table, "nodiratime", "diratime", MountAttr.NODIRATIME);
        attribute(table, "strictatime", "nostrictatime", MountAttr.STRICTATIME);
        attribute(table, "nosymfollow", "symfollow", MountAttr.NOSYMFOLLOW);
        // Relative access times are the kernel's default: to ask for them is to clear the others.
        table.put("relatime", new Change(Effect.RELATIVE_TIMES, MountAttr.NOATIME));
        table.put("rrelatime", new Change(Effect.RECURSIVE_RELATIVE_TIMES, MountAttr.NOATIME));
        return table;
    }

    private static void attribute(
            Map<String, Change> table, String set, String clear, MountAttr attribute) {
        table.put(set, new Change(Effect.SET, attribute));
        table.put(clear, new Change(Effect.CLEAR, attribute));
        table.put("r" + set, new Change(Effect.RECURSIVE_SET, attribute));
        table.put("r" + clear, new Change(Effect.RECURSIVE_CLEAR, attribute));
    }

    private static Map<String, Spread> spreads() {
        Map<String, Spread> table = new HashMap<>();
        for (Propagation one : Propagation.values()) {
            String name = one.name().toLowerCase(java.util.Locale.ROOT);
            table.put(name, new Spread(one, false));
            table.put("r" + name, new Spread(one, true));
        }
        return table;
    }

    private static Map<String, Extra> extrasByOption() {
        Map<String, Extra> table = new HashMap<>();
        for (Extra extra : Extra.values()) {
            table.put(extra.option, extra);
        }
        return table;
    }
}
