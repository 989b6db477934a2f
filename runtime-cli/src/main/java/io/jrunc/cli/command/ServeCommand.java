// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cli.launcher.Request;
import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * Becomes a resident runtime, which does the commands of other launchers: the caller's own process
 * executes Java with the options of {@code lib/jrunc-serve.conf}, so that a service manager sees
 * one process without children.
 */
public final class ServeCommand extends Command {
    private static final String IDLE_SECONDS = "600";
    private static final String DIRECTORY_LINE = "resident=";
    private static final String HOME = "@HOME@/";

    /** What a service manager says to the process that it has started. */
    private static final List<String> VARIABLES =
            List.of("NOTIFY_SOCKET", "LISTEN_PID", "LISTEN_FDS");

    public ServeCommand() {
        super("serve", "Stays, and does the frequent commands of others without a JVM's start.");
    }

    @Override
    public void describe(Syntax syntax) {
        syntax.option(
                "SECONDS",
                "end after so long without a request, 0 for never (default " + IDLE_SECONDS + ")",
                "--idle");
    }

    @Override
    public int run(Context context, Arguments arguments) {
        String idle = arguments.value("--idle", IDLE_SECONDS);
        if (!idle.matches("[0-9]{1,6}")) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "--idle: \"" + idle + "\" is no number of seconds; write one, or 0 for never");
        }
        String home = System.getProperty("jrunc.home");
        Files files = context.kernel().files();
        List<String> command = new ArrayList<>();
        for (String word : files.readText(home + "lib/jrunc-serve.conf").lines().toList()) {
            command.add(word.replace(HOME, home));
        }
        command.add(directory(files.readText(home + "lib/jrunc.conf")));
        command.add(idle);
        command.add(Long.toString(ProcessHandle.current().pid()));
        context.launcher().become(command, environment(context.request()));
        return RunCommand.SUPERVISED;
    }

    /** Returns where launchers look for the socket: launcher.c says the same. */
    private static String directory(String configuration) {
        String first = configuration.lines().findFirst().orElse("");
        if (first.startsWith(DIRECTORY_LINE)) {
            return first.substring(DIRECTORY_LINE.length());
        }
        int uid = Host.effectiveUid();
        return (uid == 0 ? "/run" : "/run/user/" + uid) + "/jrunc-serve";
    }

    private static List<String> environment(Request request) {
        List<String> environment = new ArrayList<>(List.of("LC_CTYPE=C.UTF-8"));
        for (String name : VARIABLES) {
            String value = request.variable(name);
            if (!value.isEmpty()) {
                environment.add(name + "=" + value);
            }
        }
        return environment;
    }
}
