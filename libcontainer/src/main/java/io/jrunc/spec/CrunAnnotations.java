// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import io.jrunc.linux.Failure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Annotations that change what the runtime does. An engine may copy them from an image, so those
 * that open a path of the host, or keep a right of the caller, count only if the caller allows
 * them. Source: crun(1).
 */
public final class CrunAnnotations {
    /** The file that hooks print to, by their standard output. */
    public static final String HOOKS_STDOUT = "run.oci.hooks.stdout";

    /** The file that hooks print to, by their standard error. */
    public static final String HOOKS_STDERR = "run.oci.hooks.stderr";

    /** Whether the program keeps the supplementary groups of the caller. */
    public static final String KEEP_GROUPS = "run.oci.keep_original_groups";

    /** The socket that gets a descriptor of the container's first process. */
    public static final String PIDFD_RECEIVER = "run.oci.pidfd_receiver";

    /** Whether a name in {@code linux.seccomp} that is no system call is an error. */
    public static final String FAIL_UNKNOWN_SYSCALL = "run.oci.seccomp_fail_unknown_syscall";

    /** The socket of the seccomp listener, if {@code linux.seccomp} names none. */
    public static final String SECCOMP_RECEIVER = "run.oci.seccomp.receiver";

    /** A filter that was compiled elsewhere, which takes the place of {@code linux.seccomp}. */
    public static final String SECCOMP_BPF_DATA = "run.oci.seccomp_bpf_data";

    /** Where, in the container, a v1 hierarchy for an old systemd is mounted. */
    public static final String FORCE_CGROUP_V1 = "run.oci.systemd.force_cgroup_v1";

    /** Which files of a mount {@code linux.mountLabel} is for; mount(8), "context=". */
    public static final String MOUNT_CONTEXT_TYPE = "run.oci.mount_context_type";

    /** The sub-cgroup that the container begins in and manages itself. */
    public static final String DELEGATE_CGROUP = "run.oci.delegate-cgroup";

    /** The sub-cgroup of systemd's unit that is the container's cgroup. */
    public static final String SYSTEMD_SUBGROUP = "run.oci.systemd.subgroup";

    /** The handler that executes the program: WebAssembly, for example. */
    public static final String HANDLER = "run.oci.handler";

    /** Asks for WebAssembly in the way of image builders. */
    public static final String WASM_VARIANT = "module.wasm.image/variant";

    /** Those that the caller must allow, sorted. */
    public static final List<String> GUARDED =
            List.of(
                    HOOKS_STDERR,
                    HOOKS_STDOUT,
                    KEEP_GROUPS,
                    PIDFD_RECEIVER,
                    SECCOMP_RECEIVER,
                    SECCOMP_BPF_DATA,
                    FORCE_CGROUP_V1);

    /** All that are heeded, sorted. */
    public static final List<String> ALL =
            List.of(
                    WASM_VARIANT,
                    DELEGATE_CGROUP,
                    HANDLER,
                    HOOKS_STDERR,
                    HOOKS_STDOUT,
                    KEEP_GROUPS,
                    MOUNT_CONTEXT_TYPE,
                    PIDFD_RECEIVER,
                    SECCOMP_RECEIVER,
                    SECCOMP_BPF_DATA,
                    FAIL_UNKNOWN_SYSCALL,
                    FORCE_CGROUP_V1,
                    SYSTEMD_SUBGROUP);

    private static final int NAME_MAX = 255;

    private CrunAnnotations() {}

    /** What messages call the annotation. */
    public static String field(String name) {
        return "annotations[\"" + name + "\"]";
    }

    /** Whether it is there and says yes. */
    public static boolean isOn(Map<String, String> annotations, String name) {
        String value = annotations.getOrDefault(name, "0");
        return switch (value) {
            case "1", "true" -> true;
            case "0", "false" -> false;
            default ->
                    throw Failure.invalid(
                            field(name), "\"" + value + "\" is no truth value", "write 1 or 0");
        };
    }

    /** The cgroup that it names, one component of a path; absent if it is empty or not there. */
    public static Optional<String> cgroup(Map<String, String> annotations, String name) {
        String value = annotations.getOrDefault(name, "");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        boolean special = value.equals(".") || value.equals("..") || value.startsWith("cgroup.");
        if (special
                || value.getBytes(StandardCharsets.UTF_8).length > NAME_MAX
                || value.chars().anyMatch(c -> c == '/' || Character.isISOControl(c))) {
            throw Failure.invalid(
                    field(name),
                    "\"" + value + "\" is no name of a cgroup",
                    "write one component of a path, for example payload");
        }
        return Optional.of(value);
    }

    /** The path that it names; absent if it is not there. */
    public static Optional<String> path(Map<String, String> annotations, String name) {
        String path = annotations.get(name);
        if (path == null) {
            return Optional.empty();
        }
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            throw Failure.invalid(
                    field(name), "\"" + path + "\" is no absolute path", "begin it with a slash");
        }
        return Optional.of(path);
    }
}
