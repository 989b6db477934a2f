// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.model.ExecOptions;
import io.jrunc.linux.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What exec takes beside the process. */
record ExecFlags(Context context, Arguments arguments) {
    static void describe(Syntax syntax) {
        syntax.flag("return as soon as it runs", "-d", "--detach");
        syntax.option("SOCKET", "receives the terminal's master", "--console-socket");
        syntax.option("SOCKET", "receives its pidfd", "--pidfd-socket");
        syntax.option("FILE", "where to write its pid", "--pid-file");
        syntax.option("N", "pass N descriptors from 3 on", "--preserve-fds");
        syntax.repeated(
                "[CONTROLLER[,CONTROLLER]:]PATH",
                "go to this cgroup below the container's",
                "--cgroup");
        syntax.flag("even if the container is paused", "--ignore-paused");
    }

    ExecOptions options(boolean foreground) {
        return new ExecOptions(
                CreationFlags.path(arguments, "--console-socket"),
                CreationFlags.path(arguments, "--pid-file"),
                CreationFlags.path(arguments, "--pidfd-socket"),
                CreationFlags.preservedDescriptors(arguments),
                foreground,
                arguments.has("--ignore-paused"),
                cgroups(arguments.values("--cgroup")),
                Optional.empty(),
                context.watcher());
    }

    /** Paths by controller; without a controller, the only path is that of cgroup v2. */
    static Map<String, String> cgroups(List<String> words) {
        Map<String, String> paths = new LinkedHashMap<>();
        for (String word : words) {
            int colon = word.indexOf(':');
            if (colon < 0 && words.size() > 1) {
                throw usage(word, "has no controller", "write controller:path");
            }
            String controllers = colon < 0 ? "" : word.substring(0, colon);
            for (String controller : controllers.split(",", -1)) {
                if (colon >= 0 && controller.isEmpty()) {
                    throw usage(word, "has an empty controller", "write controller:path");
                }
                if (paths.put(controller, word.substring(colon + 1)) != null) {
                    throw usage(word, "names " + controller + " again", "keep one");
                }
            }
        }
        return paths;
    }

    private static Failure usage(String word, String problem, String remedy) {
        return Failure.of(
                Failure.Code.USAGE, "--cgroup: \"" + word + "\" " + problem + "; " + remedy);
    }
}
