// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.Container;
import io.jrunc.linux.Failure;
import io.jrunc.spec.Capabilities;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.User;
import io.jrunc.spec.json.SpecReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * The process that exec is asked for: a file, or the container's own process with other arguments.
 *
 * @param words the container's id and the program's arguments
 */
record ExecProcess(Context context, ParseResult arguments, List<String> words) {

    static void describe(CommandSpec spec) {
        spec.addOption(Command.option("FILE", "what to run, as JSON", "-p", "--process"));
        spec.addOption(Command.option("DIR", "its working directory", "--cwd"));
        spec.addOption(Command.repeated("NAME=VALUE", "add to its environment", "-e", "--env"));
        spec.addOption(Command.flag("give it a terminal", "-t", "--tty"));
        spec.addOption(
                Command.option("UID[:GID]", "ids that it runs with, numbers", "-u", "--user"));
        spec.addOption(
                Command.repeated("GID", "add a supplementary group", "-g", "--additional-gids"));
        spec.addOption(Command.option("LABEL", "its SELinux context", "--process-label"));
        spec.addOption(Command.option("PROFILE", "its AppArmor profile", "--apparmor"));
        spec.addOption(Command.flag("it may gain no privileges", "--no-new-privs"));
        spec.addOption(Command.repeated("CAP", "give it a capability", "-c", "--cap"));
    }

    ProcessSpec read(Container container) {
        String file = Command.value(arguments, "--process", "");
        if (!file.isEmpty()) {
            return SpecReader.readProcess(context.read(file), file, context.log()::warn);
        }
        ProcessSpec own =
                container
                        .spec()
                        .process()
                        .orElseThrow(
                                () ->
                                        Failure.invalid(
                                                "process",
                                                "is missing in the container's config.json",
                                                "use --process"));
        return changed(own);
    }

    private ProcessSpec changed(ProcessSpec own) {
        List<String> env = new ArrayList<>(own.env());
        env.addAll(Command.values(arguments, "--env"));
        return new ProcessSpec.Builder()
                .terminal(Command.has(arguments, "--tty"))
                .consoleSize(own.consoleSize())
                .user(user(own.user()))
                .args(words.subList(1, words.size()))
                .env(env)
                .cwd(Command.value(arguments, "--cwd", own.cwd()))
                .capabilities(capabilities(own.capabilities()))
                .rlimits(own.rlimits())
                .noNewPrivileges(own.noNewPrivileges() || Command.has(arguments, "--no-new-privs"))
                .apparmorProfile(given("--apparmor", own.apparmorProfile()))
                .oomScoreAdj(own.oomScoreAdj())
                .scheduler(own.scheduler())
                .selinuxLabel(given("--process-label", own.selinuxLabel()))
                .ioPriority(own.ioPriority())
                .execCpuAffinity(own.execCpuAffinity())
                .build();
    }

    private Optional<String> given(String option, Optional<String> own) {
        String value = Command.value(arguments, option, "");
        return value.isEmpty() ? own : Optional.of(value);
    }

    private User user(User own) {
        List<Long> groups = new ArrayList<>(own.additionalGids());
        for (String gid : Command.values(arguments, "--additional-gids")) {
            groups.add(number("--additional-gids", gid));
        }
        String user = Command.value(arguments, "--user", null);
        if (user == null) {
            return new User(own.uid(), own.gid(), own.umask(), groups);
        }
        int colon = user.indexOf(':');
        long uid = number("--user", colon < 0 ? user : user.substring(0, colon));
        long gid = colon < 0 ? own.gid() : number("--user", user.substring(colon + 1));
        return new User(uid, gid, own.umask(), groups);
    }

    /**
     * Digits only: a name would have to be looked up in the image, which may lie (CVE-2016-3697).
     */
    private static long number(String option, String word) {
        long number = word.isEmpty() ? -1 : 0;
        for (int i = 0; i < word.length() && number >= 0; i++) {
            int digit = word.charAt(i) - '0';
            number = digit < 0 || digit > 9 ? -1 : 10 * number + digit;
            number = number > User.ID_MAX ? -1 : number;
        }
        if (number < 0) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    option
                            + ": \""
                            + word
                            + "\" is no id; write a number from 0 to "
                            + User.ID_MAX);
        }
        return number;
    }

    /** Never inheritable: a program that the image's files make stronger must not find it there. */
    private Optional<Capabilities> capabilities(Optional<Capabilities> own) {
        List<String> more = Command.values(arguments, "--cap");
        if (more.isEmpty()) {
            return own;
        }
        Capabilities now = own.orElse(Capabilities.NONE);
        return Optional.of(
                new Capabilities(
                        with(now.bounding(), more),
                        with(now.effective(), more),
                        now.inheritable(),
                        with(now.permitted(), more),
                        now.inheritable().isPresent() ? with(now.ambient(), more) : now.ambient()));
    }

    private static Optional<List<String>> with(Optional<List<String>> set, List<String> more) {
        List<String> all = new ArrayList<>(set.orElse(List.of()));
        all.addAll(more);
        return Optional.of(all);
    }
}
