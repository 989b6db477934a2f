// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.linux.Failure;
import io.jrunc.spec.Spec;
import java.util.Optional;

/** What create and run take alike. */
record CreationFlags(
        String bundle,
        String config,
        Optional<String> consoleSocket,
        Optional<String> pidFile,
        Optional<String> pidfdSocket,
        boolean noPivot,
        boolean noNewKeyring,
        int preservedDescriptors) {

    static void describe(Syntax syntax) {
        syntax.option("DIR", "the bundle (default: here)", "-b", "--bundle");
        syntax.option("FILE", "the specification (default: config.json)", "-f", "--config");
        syntax.option("SOCKET", "receives the terminal's master", "--console-socket");
        syntax.option("FILE", "where to write init's pid", "--pid-file");
        syntax.option("SOCKET", "receives init's pidfd", "--pidfd-socket");
        syntax.option("N", "pass N descriptors from 3 on", "--preserve-fds");
        syntax.flag("move the root and chroot; less safe", "--no-pivot");
        syntax.flag("stay in the caller's session keyring", "--no-new-keyring");
    }

    static CreationFlags of(Arguments arguments, Context context) {
        return new CreationFlags(
                arguments.value("--bundle", ""),
                arguments.value("--config", Bundle.CONFIG),
                path(arguments, "--console-socket"),
                path(arguments, "--pid-file"),
                path(arguments, "--pidfd-socket"),
                arguments.has("--no-pivot"),
                arguments.has("--no-new-keyring"),
                preservedDescriptors(arguments));
    }

    static Optional<String> path(Arguments arguments, String option) {
        String value = arguments.value(option, "");
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    static int preservedDescriptors(Arguments arguments) {
        return count("--preserve-fds", arguments.value("--preserve-fds", "0"));
    }

    /** Parses a number of descriptors; {@code source} is its name in messages. */
    static int count(String source, String word) {
        try {
            long count = GoNumber.anyBase(source, word);
            if (count >= 0 && count <= Integer.MAX_VALUE) {
                return (int) count;
            }
        } catch (Failure f) {
            // reported below
        }
        throw Failure.of(
                Failure.Code.USAGE,
                source + ": \"" + word + "\" is no count; write a number from 0 on");
    }

    void checkTerminal(Spec spec, boolean detached) {
        Terminals.check(spec, detached, consoleSocket.isPresent());
    }

    /**
     * Returns the options of the library.
     *
     * @param notifiesReadiness whether a manager waits for the container's readiness
     */
    CreateOptions options(Context context, boolean foreground, boolean notifiesReadiness) {
        return new CreateOptions(
                consoleSocket,
                pidFile,
                pidfdSocket,
                noPivot,
                noNewKeyring,
                preservedDescriptors,
                ListenDescriptors.of(context.request(), context.launcher()),
                notifiesReadiness,
                foreground,
                Optional.empty(),
                context.watcher());
    }
}
