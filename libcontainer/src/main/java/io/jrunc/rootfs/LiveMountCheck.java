// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Mount;
import io.jrunc.spec.Spec;
import java.util.ArrayList;
import java.util.List;

/** Which mounts cannot be made in a container that runs already. */
final class LiveMountCheck {
    private LiveMountCheck() {}

    /** Throws what is wrong with {@code mounts}; else returns true. */
    static boolean checked(Spec spec, String root) {
        List<String> hidden = new ArrayList<>(spec.linux().maskedPaths());
        hidden.addAll(spec.linux().readonlyPaths());
        for (int i = 0; i < spec.mounts().size(); i++) {
            Mount mount = spec.mounts().get(i);
            String field = "mounts[" + i + "]";
            if (mount.options().contains("remount")) {
                throw Failure.invalid(
                        field + ".options",
                        "\"remount\" changes a mount, and adds none",
                        "remove the mount, and add it with other options");
            }
            if (!mount.isBind()) {
                type(field, mount.type().orElse(""));
            }
            uncovered(field, MountSteps.inside(mount.destination(), root), hidden);
        }
        return true;
    }

    private static void type(String field, String type) {
        if (type.equals("cgroup") || type.equals("cgroup2")) {
            throw Failure.invalid(
                    field + ".type",
                    "\"" + type + "\" is only mounted when a container is created",
                    "write it in config.json, or bind a directory of the cgroup file system");
        }
    }

    /** What lies above a masked path would take the mask's place. */
    private static void uncovered(String field, String destination, List<String> hidden) {
        for (String path : hidden) {
            if ((path + "/").startsWith(destination + "/")) {
                throw Failure.invalid(
                        field + ".destination",
                        "\""
                                + destination
                                + "\" would cover \""
                                + path
                                + "\", which linux.maskedPaths or linux.readonlyPaths protects",
                        "mount it elsewhere");
            }
        }
    }
}
