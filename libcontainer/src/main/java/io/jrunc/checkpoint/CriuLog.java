// SPDX-License-Identifier: Apache-2.0
package io.jrunc.checkpoint;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What criu has written about a request that failed.
 *
 * @param path of the file
 */
public record CriuLog(Kernel runtime, String path) {
    private static final Pattern ERROR =
            Pattern.compile("\\([0-9.]+\\) +(?:[0-9]+: )?Error \\([^)]*\\): (.*)");

    /** What follows from an error above it, or has no consequence. */
    private static final Pattern MINOR =
            Pattern.compile(
                    ".*Can't setup RLIMIT_NOFILE.*|.*(?:Dumping|Restoring|Pre-dumping) FAILED.*"
                            + "|.* failed with -1|Dumping files .* failed.*|Dump .* failed.*"
                            + "|.*killed by signal 9.*");

    private static final int SHOWN = 8;

    /** Errors are near the end. */
    private static final int MAX_BYTES = 1 << 20;

    /** What the words of criu do not say. */
    private static final Map<String, String> REMEDIES =
            Map.of(
                    "Can't get 1:16 opt",
                    "on Linux 6.16 or newer, TCP sockets take criu 4.2 or newer",
                    "Connected TCP socket",
                    "use CriuFlag.TCP_ESTABLISHED, or CriuFlag.TCP_CLOSE",
                    " without peer ",
                    "criu cannot keep a socket of the host in another network namespace",
                    "file locks are hold",
                    "use CriuFlag.FILE_LOCKS",
                    "Found dangling tty",
                    "use CriuFlag.SHELL_JOB");

    /** The lines that matter; the first is the cause of the others. */
    public List<String> errors() {
        List<String> all = lines();
        List<String> important = new ArrayList<>();
        for (String line : all) {
            if (!MINOR.matcher(line).matches()) {
                important.add(line);
            }
        }
        List<String> shown = important.isEmpty() ? all : important;
        return shown.subList(0, Math.min(SHOWN, shown.size()));
    }

    private List<String> lines() {
        List<String> errors = new ArrayList<>();
        try (Fd file = runtime.files().openIfReadable(path, OpenFlag.RDONLY)) {
            if (!file.isOpen()) {
                return errors;
            }
            long size = runtime.files().stat(file).size();
            int length = (int) Math.min(size, MAX_BYTES);
            byte[] text = runtime.files().readAt(file, length, size - length);
            for (String line : new String(text, StandardCharsets.UTF_8).split("\n", -1)) {
                Matcher error = ERROR.matcher(line);
                if (error.find()) {
                    errors.add(error.group(1).strip());
                }
            }
        }
        return errors;
    }

    /**
     * Returns the failure of a request.
     *
     * @param reason that criu has given; empty: it is in the log
     */
    public Failure failure(String reason) {
        List<String> errors = errors();
        String why =
                !errors.isEmpty()
                        ? errors.get(0)
                        : reason.isEmpty() ? "it does not say why" : reason;
        String remedy = "";
        for (Map.Entry<String, String> known : REMEDIES.entrySet()) {
            remedy = why.contains(known.getKey()) ? known.getValue() + "; " : remedy;
        }
        return Failure.of(
                Failure.Code.CRIU, "criu failed: " + why, path, remedy + "criu's log is " + path);
    }
}
