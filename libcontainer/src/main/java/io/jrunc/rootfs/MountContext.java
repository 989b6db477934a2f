// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Failure;
import io.jrunc.spec.CrunAnnotations;
import java.util.Map;
import java.util.Set;

/**
 * {@code linux.mountLabel}: the SELinux context of all files of a new file system. Source:
 * runtime-spec config-linux.md#mount-label; mount(8), "context=".
 */
final class MountContext {
    /** Options whose value is a context, which may be in quotes: its commas separate nothing. */
    private static final Set<String> CONTEXTS =
            Set.of("context", "fscontext", "defcontext", "rootcontext");

    /** Theirs are file systems of the kernel: their files are labelled by the policy. */
    private static final Set<String> LABELLED_BY_POLICY = Set.of("proc", "sysfs", "mqueue");

    private MountContext() {}

    /**
     * Returns the options for a file system of {@code type}; a context that is among them stays.
     *
     * @param kind the option that takes the label, see {@link #kind}
     */
    static MountOptions in(MountOptions options, String type, String kind, String label) {
        boolean own =
                FileSystemOptions.has(options, "context")
                        || FileSystemOptions.has(options, "defcontext");
        return own || LABELLED_BY_POLICY.contains(type)
                ? options
                : options.with(kind + "=" + label);
    }

    /** Returns which option {@code annotations} ask for; {@code context} if they do not. */
    static String kind(Map<String, String> annotations) {
        String kind = annotations.getOrDefault(CrunAnnotations.MOUNT_CONTEXT_TYPE, "context");
        if (!CONTEXTS.contains(kind)) {
            throw Failure.invalid(
                    CrunAnnotations.field(CrunAnnotations.MOUNT_CONTEXT_TYPE),
                    "\"" + kind + "\" is no type of context",
                    "write context, fscontext, defcontext or rootcontext");
        }
        return kind;
    }

    /** Returns whether the option gives files a context. */
    static boolean isContext(String option) {
        int equals = option.indexOf('=');
        return equals > 0 && CONTEXTS.contains(option.substring(0, equals));
    }

    /**
     * Returns whether only the root directory can have the label: the kernel has mounted the file
     * system for itself before, without a context.
     */
    static boolean isForRootAlone(String type) {
        return type.equals("mqueue");
    }

    /**
     * Returns the value of an option as fsconfig(2) wants it, which unlike mount(2) knows no
     * quotes.
     */
    static String unquoted(String key, String value) {
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted && CONTEXTS.contains(key) ? value.substring(1, value.length() - 1) : value;
    }
}
