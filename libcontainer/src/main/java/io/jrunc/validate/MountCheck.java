// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Mount;
import io.jrunc.spec.Spec;
import java.util.List;

/** {@code mounts}. Source: runtime-spec config.md#mounts. */
final class MountCheck extends Check {
    private static final List<String> BIND_ONLY =
            List.of("copy-symlink", "src-nofollow", "dest-nofollow");

    MountCheck() {
        super("mounts");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        List<Mount> mounts = spec.mounts();
        for (int i = 0; i < mounts.size(); i++) {
            mount("mounts[" + i + ']', mounts.get(i), warnings);
        }
    }

    private static void mount(String field, Mount mount, List<String> warnings) {
        String destination = mount.destination();
        Texts.notEmpty(field + ".destination", destination, "write an absolute path");
        // CVE-2021-43784: what follows a NUL must not get past a check.
        Texts.noNul(field + ".destination", destination);
        Texts.noNul(field + ".type", mount.type().orElse(""));
        Texts.noNul(field + ".source", mount.source().orElse(""));
        Texts.noNul(field + ".options", mount.options());
        if (isRoot(destination)) {
            throw Texts.invalid(
                    field + ".destination",
                    destination,
                    "would cover the whole root filesystem",
                    "mount below it, or set root.path");
        }
        if (destination.charAt(0) != '/') {
            warnings.add(
                    field
                            + ".destination: "
                            + Texts.quoted(destination)
                            + " is not absolute, falling back to "
                            + Texts.quoted('/' + destination));
        }
        boolean remount = mount.options().contains("remount");
        if (mount.isBind() && mount.source().isEmpty() && !remount) {
            throw Failure.invalid(
                    field + ".source", "is missing, but a bind mount needs it", "write a path");
        }
        options(field + ".options", mount, remount);
    }

    /** Options that go with some kinds of mounts alone. */
    private static void options(String field, Mount mount, boolean remount) {
        List<String> options = mount.options();
        for (String option : BIND_ONLY) {
            if (options.contains(option) && (!mount.isBind() || remount)) {
                throw Texts.invalid(field, option, "means nothing here", "it is for a bind mount");
            }
        }
        boolean tmpfs = mount.type().orElse("").equals("tmpfs") && !mount.isBind() && !remount;
        if (options.contains("tmpcopyup") && !tmpfs) {
            throw Texts.invalid(field, "tmpcopyup", "means nothing here", "it is for a new tmpfs");
        }
        boolean noFollow = options.contains("src-nofollow") || options.contains("dest-nofollow");
        if (options.contains("copy-symlink") && noFollow) {
            throw Texts.invalid(
                    field,
                    "copy-symlink",
                    "excludes src-nofollow and dest-nofollow",
                    "keep one of them");
        }
    }

    /** Returns whether nothing is left of {@code path} but the root, by its text alone. */
    private static boolean isRoot(String path) {
        int depth = 0;
        int from = 0;
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            String name = path.substring(from, to);
            if (name.equals("..")) {
                depth = Math.max(0, depth - 1);
            } else if (!name.isEmpty() && !name.equals(".")) {
                depth++;
            }
            from = to + 1;
        }
        return depth == 0;
    }
}
