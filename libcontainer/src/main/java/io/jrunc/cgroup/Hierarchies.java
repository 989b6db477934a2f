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
        List<Hierarchy> all = new ArrayList<>();
        for (String line : lines(mountInfo)) {
            int dash = line.indexOf(" - ");
            if (dash < 0) {
                continue;
            }
            String[] mount = line.substring(0, dash).split(" ", -1);
            String[] fileSystem = line.substring(dash + 3).split(" ", -1);
            String type = fileSystem[0];
            // Only whole hierarchies: a bind mount of a part of one is somebody's container.
            boolean cgroup = type.equals("cgroup") || type.equals("cgroup2");
            if (!cgroup || isRepeated(all, mount[4])) {
                continue;
            }
            List<String> controllers =
                    type.equals("cgroup") ? controllers(fileSystem[2]) : List.of();
            all.add(new Hierarchy(controllers, mount[4], ownPath(controllers, ownCgroups)));
        }
        return new Hierarchies(all);
    }

    private static boolean isRepeated(List<Hierarchy> all, String mountPoint) {
        for (Hierarchy known : all) {
            if (known.mountPoint().equals(mountPoint)
                    || known.directoryName()
                            .equals(mountPoint.substring(mountPoint.lastIndexOf('/') + 1))) {
                return true;
            }
        }
        return false;
    }

    private static List<String> controllers(String superOptions) {
        List<String> controllers = new ArrayList<>();
        for (String option : superOptions.split(",", -1)) {
            switch (option) {
                case "rw", "ro", "xattr", "noprefix", "clone_children", "none" -> {}
                default -> {
                    if (!option.startsWith("release_agent=")) {
                        controllers.add(option);
                    }
                }
            }
        }
        return controllers;
    }

    private static String ownPath(List<String> controllers, String ownCgroups) {
        for (String line : lines(ownCgroups)) {
            String[] parts = line.split(":", 3);
            if (parts.length < 3) {
                continue;
            }
            boolean unified = controllers.isEmpty() && parts[1].isEmpty();
            boolean same =
                    !controllers.isEmpty()
                            && List.of(parts[1].split(",", -1)).contains(controllers.get(0));
            if (unified || same) {
                return parts[2];
            }
        }
        return "/";
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
