// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of {@code /proc/PID/mountinfo}. Source: proc_pid_mountinfo(5).
 *
 * @param id as in {@code mnt_id} of {@code /proc/PID/fdinfo}
 * @param parent the {@code id} of the mount that it lies on
 * @param root what of the file system is mounted: a path in it
 * @param mountPoint where, as the process sees it
 * @param options flags of the mount: {@code ro}, {@code nosuid}
 * @param type of the file system
 * @param superOptions those of the file system, not of the mount
 */
public record MountInfo(
        int id,
        int parent,
        String root,
        String mountPoint,
        List<String> options,
        String type,
        List<String> superOptions) {
    /** The file of the process that asks. */
    public static final String OWN = "/proc/self/mountinfo";

    private static final int ID = 0;
    private static final int PARENT = 1;
    private static final int ROOT = 3;
    private static final int MOUNT_POINT = 4;
    private static final int OPTIONS = 5;
    private static final String SEPARATOR = " - "; // after any number of optional fields

    public MountInfo {
        options = List.copyOf(options);
        superOptions = List.copyOf(superOptions);
    }

    /** Returns the lines of such a file, in its order: what lies on top comes last. */
    public static List<MountInfo> parse(String text) {
        List<MountInfo> mounts = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            int separator = line.indexOf(SEPARATOR);
            if (separator > 0) {
                String[] mount = line.substring(0, separator).split(" ", -1);
                String[] fileSystem = line.substring(separator + SEPARATOR.length()).split(" ", -1);
                mounts.add(
                        new MountInfo(
                                Integer.parseInt(mount[ID]),
                                Integer.parseInt(mount[PARENT]),
                                unescaped(mount[ROOT]),
                                unescaped(mount[MOUNT_POINT]),
                                List.of(mount[OPTIONS].split(",", -1)),
                                fileSystem[0],
                                List.of(fileSystem[2].split(",", -1))));
            }
        }
        return mounts;
    }

    /** Returns whether another one of {@code all} mounts hides it: its path leads elsewhere. */
    public boolean isCovered(List<MountInfo> all) {
        for (MountInfo other : all) {
            boolean onTop = other.parent == id && other.mountPoint.equals(mountPoint);
            boolean above = other.parent == parent && mountPoint.startsWith(other.mountPoint + "/");
            boolean around = other.id == parent && other.isCovered(all);
            if (onTop || above || around) {
                return true;
            }
        }
        return false;
    }

    /** Blanks and the like are written as a backslash and three octal digits. */
    private static String unescaped(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && i + 3 < field.length()) {
                text.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
