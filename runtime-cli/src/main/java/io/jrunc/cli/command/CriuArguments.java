// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.checkpoint.option.CgroupsMode;
import io.jrunc.checkpoint.option.CriuFlag;
import io.jrunc.checkpoint.option.NetworkLock;
import io.jrunc.linux.Failure;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What checkpoint and restore take alike, in the words of runc and crun. */
record CriuArguments(Context context, Arguments arguments) {
    private static final String IMAGE = "checkpoint";

    private static final Map<CriuFlag, String> OPTIONS = options();

    private static Map<CriuFlag, String> options() {
        Map<CriuFlag, String> options = new EnumMap<>(CriuFlag.class);
        options.put(CriuFlag.LEAVE_RUNNING, "--leave-running");
        options.put(CriuFlag.EXTERNAL_UNIX_SOCKETS, "--ext-unix-sk");
        options.put(CriuFlag.TCP_ESTABLISHED, "--tcp-established");
        options.put(CriuFlag.SHELL_JOB, "--shell-job");
        options.put(CriuFlag.FILE_LOCKS, "--file-locks");
        options.put(CriuFlag.AUTO_DEDUP, "--auto-dedup");
        options.put(CriuFlag.LINK_REMAP, "--link-remap");
        options.put(CriuFlag.TCP_SKIP_IN_FLIGHT, "--tcp-skip-in-flight");
        options.put(CriuFlag.LAZY_PAGES, "--lazy-pages");
        options.put(CriuFlag.TCP_CLOSE, "--tcp-close");
        return options;
    }

    static void describe(Syntax syntax) {
        syntax.option("DIR", "where the image is (default: ./" + IMAGE + ")", "--image-path");
        syntax.option("DIR", "where criu's log is (default: with the image)", "--work-path");
        syntax.flag("keep TCP connections", "--tcp-established");
        syntax.flag("close TCP connections", "--tcp-close");
        syntax.flag("allow connections to Unix sockets outside", "--ext-unix-sk");
        syntax.flag("allow a container that belongs to a terminal's session", "--shell-job");
        syntax.flag("keep locks on files", "--file-locks");
        syntax.flag("restore memory when it is used", "--lazy-pages");
        syntax.flag("remove pages that are in a later image, or restored", "--auto-dedup");
        syntax.option("MODE", "cgroups: soft, full, strict or ignore", "--manage-cgroups-mode");
        syntax.option("network", "leave out what is in the namespace", "--empty-ns");
        syntax.option(
                "METHOD", "how packets are kept away: iptables, nftables, skip", "--network-lock");
    }

    String image() {
        return context.launcher().directory(arguments.value("--image-path", IMAGE));
    }

    Optional<String> work() {
        String path = arguments.value("--work-path", "");
        return path.isEmpty() ? Optional.empty() : Optional.of(context.launcher().directory(path));
    }

    /** Returns those flags that the command has and that are set. */
    Set<CriuFlag> flags(Syntax syntax) {
        Set<CriuFlag> flags = EnumSet.noneOf(CriuFlag.class);
        for (Map.Entry<CriuFlag, String> option : OPTIONS.entrySet()) {
            if (syntax.named(option.getValue()).isPresent() && arguments.has(option.getValue())) {
                flags.add(option.getKey());
            }
        }
        if (flags.containsAll(List.of(CriuFlag.TCP_ESTABLISHED, CriuFlag.TCP_CLOSE))) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "--tcp-close: connections cannot be kept as well; leave out"
                            + " --tcp-established");
        }
        return flags;
    }

    CgroupsMode cgroups() {
        String word = arguments.value("--manage-cgroups-mode", "");
        return CgroupsMode.of(word)
                .orElseThrow(
                        () ->
                                Failure.of(
                                        Failure.Code.USAGE,
                                        "--manage-cgroups-mode: \""
                                                + word
                                                + "\" is none; write soft, full, strict or"
                                                + " ignore"));
    }

    Optional<NetworkLock> networkLock() {
        String word = arguments.value("--network-lock", "");
        if (word.isEmpty()) {
            return Optional.empty();
        }
        Optional<NetworkLock> lock = NetworkLock.of(word);
        if (lock.isEmpty()) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "--network-lock: \"" + word + "\" is none; write iptables, nftables or skip");
        }
        return lock;
    }

    boolean emptyNetwork() {
        String word = arguments.value("--empty-ns", "");
        if (!word.isEmpty() && !word.equals("network")) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "--empty-ns: \"" + word + "\" cannot be left out; write network");
        }
        return !word.isEmpty();
    }

    /** Reports a line of criu's log. */
    void explained(String line) {
        context.log().warn(line);
    }
}
