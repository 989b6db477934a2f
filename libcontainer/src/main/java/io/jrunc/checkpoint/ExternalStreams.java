// SPDX-License-Identifier: Apache-2.0
package io.jrunc.checkpoint;

import io.jrunc.json.JsonText;
import io.jrunc.json.JsonTree;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.MountInfo;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Standard streams of a container that lead outside: pipes to a process that is not in it, files
 * and devices of the host. The restored processes get the streams of the restoring command instead.
 *
 * @param names what each of the three streams is, in the words of runc's {@code descriptors.json}:
 *     {@code pipe:[4026]}, a path; for a file outside, {@code file[1a:2b]}, and for a terminal,
 *     {@code tty[8800:18]}, as criu(8) names them
 */
public record ExternalStreams(List<String> names) {
    /** The file in the directory of an image. */
    public static final String FILE = "descriptors.json";

    private static final int STREAMS = 3;
    private static final String PIPE = "pipe:[";
    private static final String HOST_FILE = "file[";
    private static final String HOST_TERMINAL = "tty[";
    private static final String NOTHING = "/dev/null";
    private static final int ACCESS = 3;
    private static final int READ_ONLY = 0;
    private static final int WRITE_ONLY = 1;
    private static final int DECIMAL = 10;
    private static final int S_IFCHR = 0020000;
    private static final int OCTAL = 8;

    public ExternalStreams {
        names = List.copyOf(names);
    }

    /**
     * Finds those of a container.
     *
     * @param init the container's first process
     * @param pids all its processes
     */
    public static ExternalStreams of(Kernel runtime, int init, List<Integer> pids) {
        return new Search(runtime, init, pids).run();
    }

    /** Returns what to tell criu(8) when it dumps: the files and terminals of the host. */
    public Set<String> external() {
        Set<String> external = new HashSet<>();
        for (String name : names) {
            if (isOfHost(name)) {
                external.add(name);
            }
        }
        return external;
    }

    /** Returns, by their names in the image, which streams take the places of the dumped ones. */
    public Map<String, Integer> inherited() {
        Map<String, Integer> inherited = new HashMap<>();
        for (int number = 0; number < names.size(); number++) {
            String name = names.get(number);
            if (name.startsWith(PIPE) || isOfHost(name)) {
                inherited.putIfAbsent(name, number);
            }
        }
        return inherited;
    }

    private static boolean isOfHost(String name) {
        return name.startsWith(HOST_FILE) || name.startsWith(HOST_TERMINAL);
    }

    /** Returns the content of {@link #FILE}. */
    public byte[] toJson() {
        JsonText json = JsonText.compact();
        json.beginList();
        names.forEach(json::element);
        json.endList();
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Reads the content of {@link #FILE}. */
    public static ExternalStreams parse(byte[] json) {
        List<String> names = new ArrayList<>();
        if (JsonTree.parse(json, FILE) instanceof List<?> list) {
            for (Object name : list) {
                names.add(String.valueOf(name));
            }
        }
        return new ExternalStreams(names);
    }

    /** Looks at what the container's processes have open. */
    private static final class Search {
        private final Files files;
        private final int init;
        private final List<Integer> pids;
        private final Set<Integer> mounts = new HashSet<>();

        /** Whether ends to read and to write are open, by the name of the pipe. */
        private final Map<String, Set<Boolean>> ends = new HashMap<>();

        Search(Kernel runtime, int init, List<Integer> pids) {
            this.files = runtime.files();
            this.init = init;
            this.pids = new ArrayList<>(List.of(init));
            pids.stream().filter(pid -> pid != init).forEach(this.pids::add);
        }

        ExternalStreams run() {
            String table = files.readText("/proc/" + init + "/mountinfo");
            MountInfo.parse(table).forEach(mount -> mounts.add(mount.id()));
            for (int pid : pids) {
                ifThere(() -> notePipes(pid));
            }
            List<String> names = new ArrayList<>();
            for (int number = 0; number < STREAMS; number++) {
                names.add(name(Integer.toString(number)));
            }
            return new ExternalStreams(names);
        }

        /** Does it for a process, or descriptor, that may be gone by now. */
        private static void ifThere(Runnable look) {
            try {
                look.run();
            } catch (Failure f) {
                if (!f.is(Errno.ENOENT) && !f.is(Errno.ESRCH)) {
                    throw f;
                }
            }
        }

        private void notePipes(int pid) {
            try (Fd directory =
                    files.open("/proc/" + pid + "/fd", OpenFlag.RDONLY, OpenFlag.DIRECTORY)) {
                for (String number : files.directories().list(directory)) {
                    ifThere(
                            () -> {
                                String link = files.directories().readLink(directory, number);
                                if (link.startsWith(PIPE)) {
                                    noteEnds(link, info(pid, number, "flags:", OCTAL));
                                }
                            });
                }
            }
        }

        private void noteEnds(String pipe, int flags) {
            Set<Boolean> open = ends.computeIfAbsent(pipe, absent -> new HashSet<>());
            int access = flags & ACCESS;
            if (access != WRITE_ONLY) {
                open.add(false);
            }
            if (access != READ_ONLY) {
                open.add(true);
            }
        }

        /** Returns a number in the kernel's description of a descriptor. */
        private int info(int pid, String number, String field, int radix) {
            return files.readText("/proc/" + pid + "/fdinfo/" + number)
                    .lines()
                    .filter(line -> line.startsWith(field))
                    .mapToInt(
                            line -> Integer.parseInt(line.substring(field.length()).strip(), radix))
                    .findFirst()
                    .orElse(0);
        }

        /** Returns what the stream is in the first process that has it from outside. */
        private String name(String number) {
            String[] found = {""};
            for (int pid : pids) {
                ifThere(
                        () -> {
                            if (found[0].isEmpty()) {
                                found[0] = external(pid, number);
                            }
                        });
            }
            return found[0].isEmpty() ? NOTHING : found[0];
        }

        /** Returns the name of a stream that leads outside; "" if it does not. */
        private String external(int pid, String number) {
            String path = "/proc/" + pid + "/fd/" + number;
            String link = files.directories().readLink(files.here(), path);
            if (link.startsWith(PIPE)) {
                return ends.getOrDefault(link, Set.of()).size() < 2 ? link : "";
            }
            int mount = info(pid, number, "mnt_id:", DECIMAL);
            Optional<Stat> stat = files.statIfExists(path);
            boolean isFile =
                    stat.isPresent()
                            && (stat.get().isRegularFile() || stat.get().type() == S_IFCHR);
            if (!isFile || mounts.contains(mount)) {
                return "";
            }
            return link.startsWith("/dev/pts/") || link.startsWith("/dev/tty")
                    ? String.format("tty[%x:%x]", stat.get().device(), stat.get().holder())
                    : String.format("file[%x:%x]", mount, stat.get().inode());
        }
    }
}
