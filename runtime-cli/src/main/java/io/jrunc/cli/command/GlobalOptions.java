// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cli.launcher.Launcher;
import io.jrunc.cli.launcher.Request;
import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.spec.CrunAnnotations;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * The options before the command.
 *
 * @param root where containers' state is, absolute
 * @param explicitRoot whether the user named it
 * @param rootless {@code true}, {@code false} or {@code auto}
 * @param auditLog whether records about containers are written to the kernel's audit log
 * @param allowedAnnotations those of {@code CrunAnnotations.GUARDED} that count
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
        List<String> given) {
    private static final String DEFAULT_ROOT = "/run/jrunc";

    /** The options that take a value, to distinguish values from the command. */
    public static final List<String> WITH_VALUE =
            List.of(
                    "--log",
                    "--log-format",
                    "--log-level",
                    "--root",
                    "--rootless",
                    "--criu",
                    "--cgroup-manager",
                    "--allow-annotation");

    public static void describe(CommandSpec spec) {
        spec.addOption(Command.flag("log more: each step, each system call", "--debug"));
        spec.addOption(Command.option("FILE", "append messages to FILE", "--log"));
        spec.addOption(Command.option("text|json", "format of messages", "--log-format"));
        spec.addOption(Command.option("LEVEL", "debug, info, warning or error", "--log-level"));
        spec.addOption(
                Command.option(
                        "DIR",
                        "where containers' state is (default " + DEFAULT_ROOT + ")",
                        "--root"));
        spec.addOption(Command.option("NAME", "cgroupfs, systemd or disabled", "--cgroup-manager"));
        spec.addOption(Command.flag("the same as --cgroup-manager systemd", "--systemd-cgroup"));
        spec.addOption(
                Command.option("BOOL", "whether cgroups may be unwritable: auto", "--rootless"));
        spec.addOption(
                Command.flag(
                        "log starts, ends and denied execs to the kernel's audit log",
                        "--audit-log"));
        spec.addOption(
                Command.repeated(
                        "NAME",
                        "obey this annotation, which an image may have brought",
                        "--allow-annotation"));
        spec.addOption(Command.hiddenOption("--criu"));
        spec.addOption(Command.flag("show this help", "-h", "--help"));
        spec.addOption(Command.flag("show the version", "-v", "-V", "--version"));
    }

    public static GlobalOptions of(
            ParseResult result, Request request, Launcher launcher, List<String> given) {
        boolean explicit = result.hasMatchedOption("--root");
        String root = Command.value(result, "--root", "");
        String absolute = explicit ? launcher.directory(root) : defaultRoot(request);
        if (absolute.equals("/")) {
            throw Failure.of(Failure.Code.USAGE, "--root: \"" + root + "\" should not be set to /");
        }
        String manager = Command.value(result, "--cgroup-manager", "cgroupfs");
        if (Command.has(result, "--systemd-cgroup")) {
            manager = "systemd";
        }
        if (!List.of("cgroupfs", "systemd", "disabled").contains(manager)) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "--cgroup-manager: \""
                            + manager
                            + "\" is none; write cgroupfs, systemd or disabled");
        }
        String rootless = Command.value(result, "--rootless", "auto");
        boolean known = rootless.isEmpty() || rootless.equals("auto");
        if (!known && !Arguments.TRUE.contains(rootless) && !Arguments.FALSE.contains(rootless)) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "--rootless: \"" + rootless + "\" is not true, false or auto");
        }
        return new GlobalOptions(
                Command.has(result, "--debug"),
                absolute,
                explicit,
                manager,
                rootless,
                Command.has(result, "--audit-log"),
                allowedAnnotations(result),
                given);
    }

    private static List<String> allowedAnnotations(ParseResult result) {
        List<String> names = Command.values(result, "--allow-annotation");
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
