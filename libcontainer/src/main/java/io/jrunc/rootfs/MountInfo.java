package io.jrunc.rootfs;

import java.util.ArrayList;
import java.util.List;

/** Lines of /proc/PID/mountinfo. Source: proc(5). */
final class MountInfo {
    private static final int ROOT = 3;
    private static final int MOUNT_POINT = 4;

    private MountInfo() {}

    /** Where all of a procfs or sysfs is mounted, in order, that is not below {@code root}. */
    static List<String> wholeOutside(String mountInfo, String root) {
        List<String> found = new ArrayList<>();
        for (String line : mountInfo.split("\n", -1)) {
            int separator = line.indexOf(" - ");
            if (separator < 0) {
                continue;
            }
            String[] fields = line.split(" ", -1);
            String type = line.substring(separator + 3).split(" ", -1)[0];
            String point = unescaped(fields[MOUNT_POINT]);
            boolean kernels = type.equals("proc") || type.equals("sysfs");
            if (kernels && fields[ROOT].equals("/") && !point.startsWith(root + "/")) {
                found.add(point);
            }
        }
        return found;
    }

    /** Blanks and the like are written as a backslash and three octal digits. */
    private static String unescaped(String field) {
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
