// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import java.util.List;
import java.util.Map;

/** {@code linux.resources.unified}: files by name, each line of the value by itself. */
final class UnifiedFiles {
    private UnifiedFiles() {}

    static void apply(CgroupDir dir, Map<String, String> files) {
        files.forEach((file, value) -> write(dir, file, value));
    }

    private static void write(CgroupDir dir, String file, String value) {
        String field = "linux.resources.unified[\"" + file + "\"]";
        try {
            for (String line : value.split("\n", -1)) {
                if (!line.isBlank() || value.isBlank()) {
                    dir.write(file, line);
                }
            }
        } catch (Failure f) {
            String controller = file.substring(0, file.indexOf('.'));
            boolean missing = f.is(Errno.ENOENT) || f.is(Errno.EPERM);
            boolean known =
                    List.of(dir.read("cgroup.controllers").split(" ", -1)).contains(controller);
            throw missing && !known && !controller.equals("cgroup")
                    ? Failure.invalid(
                            field,
                            "the controller " + controller + " is not available here",
                            "remove it")
                    : f.during(field);
        }
    }
}
