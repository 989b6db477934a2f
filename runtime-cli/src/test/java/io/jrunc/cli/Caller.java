// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli;

import io.jrunc.cli.launcher.Launcher;
import io.jrunc.cli.launcher.LauncherWatch;
import io.jrunc.cli.launcher.Request;
import io.jrunc.linux.Fd;
import io.jrunc.linux.child.ChildProgram;
import io.jrunc.linux.local.LocalKernel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs a command line in this process, with files for streams. The container's first process, which
 * makes the same calls, takes the place of the launcher.
 */
public final class Caller {
    private final LocalKernel kernel = LocalKernel.get();
    private final Path directory;

    /** How a command ended, and what it printed; times of the log are NOW. */
    public record Result(int status, String out, String err) {}

    public Caller(Path directory) {
        this.directory = directory;
    }

    public Result run(String... arguments) {
        try (FileOpener opener = new FileOpener(directory);
                Fd in = kernel.descriptors().memoryFile("in");
                Fd out = kernel.descriptors().memoryFile("out");
                Fd err = kernel.descriptors().memoryFile("err")) {
            Request request =
                    new Request(
                            directory.toString(),
                            List.of(arguments),
                            List.of(),
                            List.of(in, out, err));
            int status = new Cli(kernel, request, opener.launcher(request)).run();
            return new Result(status, text(out), text(err));
        }
    }

    /** A process in a directory that opens files for us. */
    public static final class FileOpener implements AutoCloseable {
        private final ChildProgram.Spawned spawned;

        public FileOpener(Path directory) {
            try (Fd program = ChildProgram.sealed()) {
                spawned = ChildProgram.spawn(program, "launcher");
            }
            spawned.kernel().files().chdir(directory.toString()).submit();
            spawned.kernel().flush();
        }

        public Launcher launcher(Request request) {
            Fd socket = spawned.kernel().socket();
            // Not started: tests go on when the process is gone.
            return new Launcher(socket, request, new LauncherWatch(socket));
        }

        @Override
        public void close() {
            spawned.kernel().close();
            LocalKernel.get().processes().await(spawned.pid(), true);
        }
    }

    private String text(Fd file) {
        String text = new String(kernel.files().readAt(file, 1 << 20, 0), StandardCharsets.UTF_8);
        return text.replaceAll("time=\"[^\"]*\"", "time=\"NOW\"");
    }
}
