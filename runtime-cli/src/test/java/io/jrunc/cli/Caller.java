package io.jrunc.cli;

import io.jrunc.linux.Fd;
import io.jrunc.linux.local.LocalKernel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a command line in this process, with files for streams and nobody for a launcher. */
final class Caller {
    private static final int END = -17;
    private static final int REQUEST_BYTES = 24 + 64;

    private final LocalKernel kernel = LocalKernel.get();
    private final Path directory;

    /** How a command ended, and what it printed; times of the log are NOW. */
    record Result(int status, String out, String err) {}

    Caller(Path directory) {
        this.directory = directory;
    }

    Result run(String... arguments) {
        Fd[] pair = kernel.sockets().pair("launcher");
        try (Fd ours = pair[0];
                Fd theirs = pair[1];
                Fd in = kernel.files().memoryFile("in");
                Fd out = kernel.files().memoryFile("out");
                Fd err = kernel.files().memoryFile("err")) {
            Request request =
                    new Request(
                            directory.toString(),
                            List.of(arguments),
                            List.of(),
                            List.of(in, out, err));
            answerInAdvance(theirs);
            new Cli(kernel, request, new Launcher(ours, request)).run();
            return new Result(status(theirs), text(out), text(err));
        }
    }

    /** The reply to the only call that is expected: that the launcher should end. */
    private void answerInAdvance(Fd launcher) {
        ByteBuffer reply = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
        reply.putInt(0x3162726a).putInt(1).putInt(1).putInt(0).putLong(0);
        kernel.sockets().send(launcher, reply.array(), List.of());
    }

    private int status(Fd launcher) {
        byte[] bytes = kernel.sockets().receiveFully(launcher, REQUEST_BYTES, new ArrayList<>());
        ByteBuffer request = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        if (request.getInt(12) != 1 || request.getInt(24) != END) {
            throw new AssertionError("the launcher was asked for something else than to end");
        }
        return (int) request.getLong(32);
    }

    private String text(Fd file) {
        String text = new String(kernel.files().readAt(file, 1 << 20, 0), StandardCharsets.UTF_8);
        return text.replaceAll("time=\"[^\"]*\"", "time=\"NOW\"");
    }
}
