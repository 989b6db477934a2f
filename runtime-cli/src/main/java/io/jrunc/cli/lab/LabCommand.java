// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.lab;

import io.jrunc.cli.command.Arguments;
import io.jrunc.cli.command.Command;
import io.jrunc.cli.command.Context;
import io.jrunc.cli.command.Syntax;
import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes an experiment with what confines a container. */
public final class LabCommand extends Command {
    private static final int FAILED = 1;

    public LabCommand() {
        super("lab", "Shows, step by step, what confines a container.");
    }

    @Override
    public void describe(Syntax syntax) {
        syntax.flag("wait for Enter before each command", "--step");
        syntax.operand("list|<experiment>");
    }

    @Override
    public Map<String, String> exitStatuses() {
        return statuses("all was as expected", "something was not as expected");
    }

    @Override
    public int run(Context context, Arguments arguments) {
        String word = arguments.operands().get(0);
        if (word.equals("list")) {
            context.print(list());
            return 0;
        }
        return perform(context, arguments, named(word));
    }

    private static String list() {
        StringBuilder text = new StringBuilder();
        for (Lab lab : Lab.all()) {
            text.append(String.format("%-20s %s%n", lab.name(), lab.shows()));
            for (Need need : lab.needs()) {
                if (!need.isMet()) {
                    text.append(" ".repeat(21)).append("not here: it needs ");
                    text.append(need.words()).append('\n');
                }
            }
        }
        return text.toString();
    }

    private static Lab named(String word) {
        return Lab.all().stream()
                .filter(lab -> lab.name().equals(word))
                .findFirst()
                .orElseThrow(
                        () ->
                                Failure.of(
                                        Failure.Code.USAGE,
                                        '"'
                                                + word
                                                + "\" is no experiment; jrunc lab list shows"
                                                + " them"));
    }

    private static int perform(Context context, Arguments arguments, Lab lab) {
        for (Need need : lab.needs()) {
            if (!need.isMet()) {
                throw Failure.of(
                        Failure.Code.HOST,
                        "lab "
                                + lab.name()
                                + ": needs "
                                + need.words()
                                + "; vagrant up makes a virtual machine that has it");
            }
        }
        if (!Host.isPrivileged()) {
            throw Failure.of(
                    Failure.Code.HOST, "lab " + lab.name() + ": needs root; call it by sudo");
        }
        String id = "lab-" + lab.name();
        if (context.containers().find(id).isPresent()) {
            throw Failure.of(
                    Failure.Code.EXISTS,
                    "lab "
                            + lab.name()
                            + ": there is a container "
                            + id
                            + "; remove it with jrunc delete --force "
                            + id);
        }
        context.print(Bench.wrapped(lab.shows() + "."));
        Runnable pause = arguments.has("--step") ? () -> awaitEnter(context) : () -> {};
        List<String> wrong;
        try (Bench bench =
                new Bench(
                        context::print,
                        pause,
                        Path.of(System.getProperty("jrunc.home", "/usr/"), "bin", "jrunc"),
                        options(context),
                        id,
                        temporary(context))) {
            lab.experiment().accept(bench);
            wrong = bench.wrong();
        }
        context.print(
                wrong.isEmpty()
                        ? "\nThe container and its bundle are removed.\n"
                        : "\nNot as expected: " + String.join("; ", wrong) + ".\n");
        return wrong.isEmpty() ? 0 : FAILED;
    }

    /** Returns the options that decide where containers and cgroups are. */
    private static List<String> options(Context context) {
        List<String> options = new ArrayList<>(List.of("--root", context.options().root()));
        options.addAll(List.of("--cgroup-manager", context.options().cgroupManager()));
        return options;
    }

    /** Returns the caller's directory for temporary files; this JVM has none. */
    private static Path temporary(Context context) {
        String named = context.request().variable("TMPDIR");
        return Path.of(named.startsWith("/") ? named : "/tmp");
    }

    private static void awaitEnter(Context context) {
        context.print("[Enter]");
        byte[] typed = context.kernel().files().read(context.request().in(), 1);
        while (typed.length > 0 && typed[0] != '\n') {
            typed = context.kernel().files().read(context.request().in(), 1);
        }
    }
}
