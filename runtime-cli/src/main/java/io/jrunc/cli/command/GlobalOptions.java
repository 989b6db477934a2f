// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cli.launcher.Launcher;
import io.jrunc.cli.launcher.Request;
import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.spec.CrunAnnotations;
import java.util.List;
import java.util.Optional;

/**
 * The options before the command.
 *
 * @param root where containers' state is, absolute
 * @param explicitRoot whether the user named it
 * @param rootless {@code true}, {@code false} or {@code auto}
 * @param auditLog whether records about containers are written to the kernel's audit log
 * @param allowedAnnotations those of {@code CrunAnnotations.GUARDED} that count
 * @param handlers a directory that describes handlers, before those of the host
 * @param cgroupManager {@code cgroupfs}, {@code systemd} or {@code disabled}
 */
public record GlobalOptions(
        boolean debug,
        String root,
        boolean explicitRoot,
        String cgroupManager,
        String rootless,
        boolean auditLog,
        List<String> allowedAnnotations,
        Optional<String> handlers,
        List<String> given) {
    private static final String DEFAULT_ROOT = "/run/jrunc";

    public static void describe(Syntax syntax) {
        syntax.flag("log more: each step, each system call", "--debug");
        syntax.option("FILE", "append messages to FILE", "--log");
        syntax.option("text|json", "format of messages", "--log-format");
        syntax.option("debug|info|warning|error", "which messages", "--log-level");
        syntax.option("DIR", "where containers' state is (default " + DEFAULT_ROOT + ")", "--root");
        syntax.option("cgroupfs|systemd|disabled", "what makes cgroups", "--cgroup-manager");
        syntax.flag("the same as --cgroup-manager systemd", "--systemd-cgroup");
        syntax.option("true|false|auto", "whether cgroups may be unwritable", "--rootless");
        syntax.flag("log starts, ends and denied execs to the kernel's audit log", "--audit-log");
        syntax.repeated(
                "NAME",
                "obey this annotation, which an image may have brought",
                "--allow-annotation");
        syntax.option("DIR", "look for handlers here first", "--handlers");
        syntax.hidden("--criu");
        syntax.flag("show the version", "-v", "-V", "--version");
    }

    public static GlobalOptions of(
            Arguments result, Request request, Launcher launcher, List<String> given) {
        boolean explicit = result.has("--root");
        String root = result.value("--root", "");
        String absolute = explicit ? launcher.directory(root) : defaultRoot(request);
        if (absolute.equals("/")) {
            throw Failure.of(Failure.Code.USAGE, "--root: \"" + root + "\" should not be set to /");
        }
        String manager = result.value("--cgroup-manager", "cgroupfs");
        if (result.has("--systemd-cgroup")) {
            manager = "systemd";
        }
        if (!List.of("cgroupfs", "systemd", "disabled").contains(manager)) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "--cgroup-manager: \""
                            + manager
                            + "\" is none; write cgroupfs, systemd or disabled");
        }
        String rootless = result.value("--rootless", "auto");
        boolean known = rootless.isEmpty() || rootless.equals("auto");
        if (!known && !Arguments.TRUE.contains(rootless) && !Arguments.FALSE.contains(rootless)) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "--rootless: \"" + rootless + "\" is not true, false or auto");
        }
        return new GlobalOptions(
                result.has("--debug"),
                absolute,
                explicit,
                manager,
                rootless,
                result.has("--audit-log"),
                allowedAnnotations(result),
                result.has("--handlers")
                        ? Optional.of(launcher.directory(result.value("--handlers", "")))
                        : Optional.empty(),
                given);
    }

    private static List<String> allowedAnnotations(Arguments result) {
        List<String> names = result.values("--allow-annotation");
        for (String name : names) {
            if (!CrunAnnotations.GUARDED.contains(name)) {
                throw Failure.of(
                        Failure.Code.USAGE,
                        "--allow-annotation: \""
                                + name
                                + "\" needs no permission; write one of "
                                + String.join(", ", CrunAnnotations.GUARDED));
            }
        }
        return names;
    }

    /** Returns whether cgroups that may not be written are to be done without. */
    boolean isRootless(boolean inUserNamespace) {
        if (Arguments.TRUE.contains(rootless) || Arguments.FALSE.contains(rootless)) {
            return Arguments.TRUE.contains(rootless);
        }
        return inUserNamespace || Host.effectiveUid() != 0;
    }

    private static String defaultRoot(Request request) {
        String runtimeDirectory = request.variable("XDG_RUNTIME_DIR");
        return runtimeDirectory.isEmpty() || isRootOfTheHost(request)
                ? DEFAULT_ROOT
                : runtimeDirectory + "/jrunc";
    }

    /**
     * Returns false for root of a user namespace, which does not own {@code /run}, unless {@code
     * USER} is root: then the namespace is a whole machine. runc decides in the same way.
     */
    private static boolean isRootOfTheHost(Request request) {
        return Host.effectiveUid() == 0
                && (!Host.isInUserNamespace() || request.variable("USER").equals("root"));
    }
}
