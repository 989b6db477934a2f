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

/**
 * The process that exec is asked for: a file, or the container's own process with other arguments.
 *
 * @param words the container's id and the program's arguments
 */
record ExecProcess(Context context, Arguments arguments, List<String> words) {

    static void describe(Syntax syntax) {
        syntax.option("FILE", "what to run, as JSON", "-p", "--process");
        syntax.option("DIR", "its working directory", "--cwd");
        syntax.repeated("NAME=VALUE", "add to its environment", "-e", "--env");
        syntax.flag("give it a terminal", "-t", "--tty");
        syntax.option("UID[:GID]", "ids that it runs with, numbers", "-u", "--user");
        syntax.repeated("GID", "add a supplementary group", "-g", "--additional-gids");
        syntax.option("LABEL", "its SELinux context", "--process-label");
        syntax.option("PROFILE", "its AppArmor profile", "--apparmor");
        syntax.flag("it may gain no privileges", "--no-new-privs");
        syntax.repeated("CAP", "give it a capability", "-c", "--cap");
    }

    ProcessSpec read(Container container) {
        String file = arguments.value("--process", "");
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
        env.addAll(arguments.values("--env"));
        return new ProcessSpec.Builder()
                .terminal(arguments.has("--tty"))
                .consoleSize(own.consoleSize())
                .user(user(own.user()))
                .args(words.subList(1, words.size()))
                .env(env)
                .cwd(arguments.value("--cwd", own.cwd()))
                .capabilities(capabilities(own.capabilities()))
                .rlimits(own.rlimits())
                .noNewPrivileges(own.noNewPrivileges() || arguments.has("--no-new-privs"))
                .apparmorProfile(given("--apparmor", own.apparmorProfile()))
                .oomScoreAdj(own.oomScoreAdj())
                .scheduler(own.scheduler())
                .selinuxLabel(given("--process-label", own.selinuxLabel()))
                .ioPriority(own.ioPriority())
                .execCpuAffinity(own.execCpuAffinity())
                .build();
    }

    private Optional<String> given(String option, Optional<String> own) {
        String value = arguments.value(option, "");
        return value.isEmpty() ? own : Optional.of(value);
    }

    private User user(User own) {
        List<Long> groups = new ArrayList<>(own.additionalGids());
        for (String gid : arguments.values("--additional-gids")) {
            groups.add(number("--additional-gids", gid));
        }
        if (!arguments.has("--user")) {
            return new User(own.uid(), own.gid(), own.umask(), groups);
        }
        String user = arguments.value("--user", "");
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
        List<String> more = arguments.values("--cap");
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
