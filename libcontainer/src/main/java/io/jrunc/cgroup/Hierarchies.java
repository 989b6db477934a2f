package io.jrunc.cgroup;

import io.jrunc.linux.Failure;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The cgroup file systems that are mounted here: v1 hierarchies, the v2 hierarchy, or both
 * ("hybrid"). Sources: /proc/self/mountinfo, proc(5); /proc/self/cgroup, cgroups(7).
 */
public record Hierarchies(List<Hierarchy> all) {
    private static final String MOUNT_INFO = "/proc/self/mountinfo";
    private static final String OWN_CGROUPS = "/proc/self/cgroup";
    private static final int MOUNT_ROOT = 3;
    private static final int MOUNT_POINT = 4;

    public Hierarchies {
        all = List.copyOf(all);
    }

    /** Reads what this process sees. */
    public static Hierarchies read() {
        return parse(text(MOUNT_INFO), text(OWN_CGROUPS));
    }

    private static String text(String file) {
        try (FileInputStream in = new FileInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Failure.of("host", "read " + file, e);
        }
    }

    static Hierarchies parse(String mountInfo, String ownCgroups) {
        List<Own> own = own(ownCgroups);
        List<Hierarchy> all = new ArrayList<>();
        for (String line : lines(mountInfo)) {
            int dash = line.indexOf(" - ");
            if (dash < 0) {
                continue;
            }
            String[] mount = line.substring(0, dash).split(" ", -1);
            String[] fileSystem = line.substring(dash + 3).split(" ", -1);
            Own group = match(own, fileSystem);
            // The first mount of each: later ones are parts of it, shown to somebody's container.
            if (group != null && !isKnown(all, group.controllers)) {
                String path = below(mount[MOUNT_ROOT], group.path);
                all.add(new Hierarchy(group.controllers, unescape(mount[MOUNT_POINT]), path));
            }
        }
        return new Hierarchies(all);
    }

    /**
     * A line of /proc/self/cgroup: a hierarchy's controllers, none for v2, and our cgroup in it.
     */
    private record Own(List<String> controllers, String path) {}

    private static List<Own> own(String ownCgroups) {
        List<Own> own = new ArrayList<>();
        for (String line : lines(ownCgroups)) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3) {
                List<String> controllers =
                        parts[1].isEmpty() ? List.of() : List.of(parts[1].split(",", -1));
                own.add(new Own(controllers, parts[2]));
            }
        }
        return own;
    }

    /** Which hierarchy is mounted; among a v1 mount's options are the names of its controllers. */
    private static Own match(List<Own> own, String[] fileSystem) {
        boolean unified = fileSystem[0].equals("cgroup2");
        if (!unified && !fileSystem[0].equals("cgroup")) {
            return null;
        }
        List<String> options = List.of(fileSystem[2].split(",", -1));
        for (Own group : own) {
            boolean found =
                    unified
                            ? group.controllers.isEmpty()
                            : !group.controllers.isEmpty()
                                    && options.contains(group.controllers.get(0));
            if (found) {
                return group;
            }
        }
        return null;
    }

    private static boolean isKnown(List<Hierarchy> all, List<String> controllers) {
        for (Hierarchy known : all) {
            if (known.controllers().equals(controllers)) {
                return true;
            }
        }
        return false;
    }

    /** The path of our cgroup below the mount, which may show only a part of the hierarchy. */
    private static String below(String mountRoot, String path) {
        if (mountRoot.equals("/")) {
            return path;
        }
        if (path.equals(mountRoot)) {
            return "/";
        }
        return path.startsWith(mountRoot + "/") ? path.substring(mountRoot.length()) : "/";
    }

    /** In mountinfo a blank is written as its octal number. */
    private static String unescape(String path) {
        return path.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
    }

    private static List<String> lines(String text) {
        return List.of(text.split("\n", -1));
    }

    /** Whether there is nothing but the v2 hierarchy. */
    public boolean isPureV2() {
        return all.size() == 1 && all.get(0).isUnified();
    }

    /** The v2 hierarchy, or null. */
    public Hierarchy unified() {
        for (Hierarchy hierarchy : all) {
            if (hierarchy.isUnified()) {
                return hierarchy;
            }
        }
        return null;
    }

    /** The v1 hierarchy that controls {@code controller}, or null. */
    public Hierarchy of(String controller) {
        for (Hierarchy hierarchy : all) {
            if (hierarchy.has(controller)) {
                return hierarchy;
            }
        }
        return null;
    }
}
