// SPDX-License-Identifier: Apache-2.0
package io.jrunc.handler;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.program.HostLibraries;
import io.jrunc.rootfs.ImageFile;
import io.jrunc.rootfs.ImageFiles;
import io.jrunc.spec.CrunAnnotations;
import io.jrunc.spec.Mount;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Spec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Has a program of the host execute the container's program, where annotations ask for it. The
 * container is shown, read-only, what that program needs.
 */
public final class HandledProgram {
    /** Where the container finds the program and its libraries. */
    private static final String PLACE = "/run/jrunc-handler";

    private static final String LIBRARIES = PLACE + "/lib";

    /** What the names of annotations begin with that entries of the table may add. */
    static final String MODULE = "module.";

    private static final int HEAD_BYTES = 64;

    private static final List<String> READ_ONLY = List.of("rbind", "rro", "nosuid", "nodev");

    private HandledProgram() {}

    /** Returns whether an annotation may ask for a handler; only then is the table read. */
    public static boolean mayBeAskedFor(Map<String, String> annotations) {
        for (String name : annotations.keySet()) {
            if (name.equals(CrunAnnotations.HANDLER) || name.startsWith(MODULE)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns what to make in place of {@code spec}; the same if no handler is asked for.
     *
     * @param rootfs the container's root on the host
     */
    public static Spec of(HandlerTable table, Spec spec, String rootfs) {
        Kernel kernel = table.kernel();
        if (spec.process().isEmpty() || spec.process().get().args().isEmpty()) {
            return spec;
        }
        ProcessSpec process = spec.process().get();
        Optional<Handler> found = choice(table, spec.annotations(), process.args().get(0), rootfs);
        if (found.isEmpty()) {
            return spec;
        }
        Handler handler = found.get();
        try {
            HostLibraries libraries =
                    HostLibraries.of(
                            kernel,
                            handler.program(),
                            handler.loader(),
                            handler.libraryPath(),
                            handler.libraries());
            List<Mount> mounts = new ArrayList<>(spec.mounts());
            mounts.addAll(mounts(handler, libraries));
            ProcessSpec handled =
                    process.interpretedBy(
                            libraries.loader().orElse(handler.program()),
                            arguments(handler, libraries.loader(), process));
            return spec.withMounts(mounts).withProcess(handled);
        } catch (Failure f) {
            throw f.during("handler " + handler.name() + " of " + handler.file());
        }
    }

    /**
     * Returns the process that {@code exec} runs in a container with a handler: programs whose
     * names have one of its suffixes are executed by it, from where create has put it.
     */
    public static ProcessSpec inside(HandlerTable table, Spec container, ProcessSpec process) {
        if (process.args().isEmpty()) {
            return process;
        }
        for (Handler handler : table.handlers()) {
            if (Choice.isAsked(container.annotations(), handler)
                    && handler.hasSuffixOf(process.args().get(0))) {
                Optional<String> loader =
                        HostLibraries.loaderOf(table.kernel(), handler.program(), handler.loader());
                List<String> args = new ArrayList<>(arguments(handler, loader, process));
                args.set(0, loader.map(HandledProgram::library).orElse(inside(handler)));
                return process.withArguments(args);
            }
        }
        return process;
    }

    private static Optional<Handler> choice(
            HandlerTable table, Map<String, String> annotations, String program, String rootfs) {
        return Choice.of(
                annotations,
                table.handlers(),
                program,
                () -> head(table.kernel(), rootfs, program));
    }

    /** Returns what a file of the image begins with; empty if it is no regular file. */
    private static byte[] head(Kernel kernel, String rootfs, String path) {
        if (path.indexOf('/') < 0) {
            return new byte[0];
        }
        try (Fd root = kernel.files().open(rootfs, OpenFlag.PATH, OpenFlag.DIRECTORY);
                ImageFile file = new ImageFiles(kernel).askInRoot(root, path).get()) {
            return file.isReadable()
                    ? kernel.files().readAt(file.content(), HEAD_BYTES, 0)
                    : new byte[0];
        }
    }

    private static List<Mount> mounts(Handler handler, HostLibraries libraries) {
        List<Mount> mounts = new ArrayList<>();
        mounts.add(
                new Mount(
                        PLACE,
                        Optional.of("tmpfs"),
                        Optional.of("jrunc-handler"),
                        List.of("ro", "nosuid", "nodev", "mode=755", "size=64k"),
                        List.of(),
                        List.of()));
        libraries
                .files()
                .forEach(
                        (name, path) -> {
                            if (!isMounted(handler, path)) {
                                mounts.add(bind(path, library(name)));
                            }
                        });
        libraries.loader().ifPresent(path -> mounts.add(bind(path, library(path))));
        for (String path : handler.mounts()) {
            mounts.add(bind(path, path));
            for (String target : OutsideLinks.of(path)) {
                mounts.add(bind(target, target));
            }
        }
        if (!isMounted(handler, handler.program())) {
            mounts.add(bind(handler.program(), inside(handler)));
        }
        return mounts;
    }

    private static Mount bind(String source, String destination) {
        return new Mount(
                destination,
                Optional.of("bind"),
                Optional.of(source),
                READ_ONLY,
                List.of(),
                List.of());
    }

    /** Returns whether it is shown with a directory, where a library finds its neighbours. */
    private static boolean isMounted(Handler handler, String path) {
        Path plain = Path.of(path).normalize();
        return handler.mounts().stream().anyMatch(mount -> plain.startsWith(Path.of(mount)));
    }

    private static String inside(Handler handler) {
        return isMounted(handler, handler.program())
                ? handler.program()
                : PLACE + "/bin/" + name(handler.program());
    }

    /** Returns where the container finds a library. */
    private static String library(String path) {
        return LIBRARIES + "/" + name(path);
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static List<String> arguments(
            Handler handler, Optional<String> loader, ProcessSpec process) {
        List<String> args = new ArrayList<>();
        if (loader.isPresent()) {
            // The image's cache of libraries names those of another system. ld.so(8)
            args.addAll(List.of(name(loader.get()), "--inhibit-cache"));
            args.addAll(List.of("--library-path", LIBRARIES));
        }
        args.add(inside(handler));
        args.addAll(handler.args());
        if (handler.environmentOption().isPresent()) {
            for (String variable : process.env()) {
                args.add(handler.environmentOption().get());
                args.add(variable);
            }
        }
        args.addAll(process.args());
        return args;
    }
}
