// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.child;

import io.jrunc.linux.Call;
import io.jrunc.linux.ChildOp;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Machine;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.linux.local.PosixSpawn;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The program on the container's side, from {@code src/main/c/child.c}. It runs from a sealed file
 * in memory, so that nothing of the host's file system is behind {@code /proc/1/exe}.
 */
public final class ChildProgram {
    /** Names the program's file; absent: it is taken from the class path. */
    private static final String FILE_PROPERTY = "jrunc.child";

    private static final String NAME = "jrunc";
    private static final int FIRST_KEPT = 3;

    private static byte @Nullable [] program;

    private ChildProgram() {}

    /** Returns a sealed copy of the program in memory. */
    public static Fd sealed() {
        LocalKernel kernel = LocalKernel.get();
        Fd memory = kernel.descriptors().memoryFile(NAME);
        try {
            kernel.files().writeAll(memory, program(kernel));
            kernel.descriptors().seal(memory);
            return memory;
        } catch (RuntimeException f) {
            memory.close();
            throw f;
        }
    }

    /**
     * Its file is looked up once: a program that embeds the library starts it for each container.
     */
    private static synchronized byte[] program(Kernel kernel) {
        if (program == null) {
            program = read(kernel);
        }
        return program;
    }

    private static byte[] read(Kernel kernel) {
        String file = System.getProperty(FILE_PROPERTY);
        if (file != null) {
            try (Fd program = kernel.files().open(file, OpenFlag.RDONLY)) {
                return kernel.files().readAll(program);
            }
        }
        String resource = "jrunc-child-" + Machine.name();
        try (InputStream in = ChildProgram.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw Failure.of(
                        Failure.Code.INSTALLATION, resource + " is missing; build it with gcc");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw Failure.of(Failure.Code.INSTALLATION, "read " + resource, e);
        }
    }

    /**
     * Runs the program in a process that was just cloned and answers on {@code process}.
     *
     * @param keep how many descriptors from 3 on the container inherits, beside 0 to 2
     */
    public static void exec(ChildKernel process, Fd program, int keep) {
        List<Fd> kept = preserved(process, keep);
        int number = FIRST_KEPT + keep;
        Fd control = Fd.of(process, number, "control socket");
        Call own = new Call(process, ChildOp.CONTROL, "").submit();
        process.processes().closeOnExec(FIRST_KEPT);
        for (Fd fd : kept) {
            process.descriptors().keepAcrossExec(fd);
        }
        // What has this number now may be the program, or the control socket itself (EINVAL).
        Fd lifted = process.descriptors().duplicateAbove(program, number);
        process.descriptors().duplicateTo(own, number).tolerate(Errno.EINVAL).submit();
        process.descriptors().keepAcrossExec(control);
        process.processes().exec(lifted, List.of(NAME, Integer.toString(number)), List.of());
        process.sendBeforeExec();
    }

    /**
     * Returns the caller's descriptors from 3 on; ours are all CLOEXEC and never taken for one of
     * them.
     */
    private static List<Fd> preserved(ChildKernel process, int keep) {
        List<Fd> kept = new ArrayList<>(keep);
        for (int number = 3; number < 3 + keep; number++) {
            Fd fd = Fd.of(process, number, "preserved descriptor");
            if (!process.descriptors().isInheritable(fd)) {
                throw Failure.of(
                        Failure.Code.PRESERVE_FDS,
                        "unable to stat preserved-fd "
                                + number
                                + " (of "
                                + keep
                                + "): no such file or directory",
                        "/proc/self/fd/" + number,
                        Errno.EBADF,
                        "the caller passed no such descriptor");
            }
            kept.add(fd);
        }
        return kept;
    }

    /** A process that runs the program. */
    public record Spawned(ChildKernel kernel, int pid) {}

    /** Starts the program as a child of this JVM. */
    public static Spawned spawn(Fd program, String processName) {
        LocalKernel kernel = LocalKernel.get();
        Fd[] pair = kernel.sockets().pair(processName);
        int pid = 0;
        try (Fd theirs = pair[1]) {
            pid = PosixSpawn.spawn(program, theirs);
            ChildKernel child = new ChildKernel(pair[0], processName);
            // A JVM opens files without CLOEXEC, jars among them: the container's may not have them
            // even for a moment (CVE-2016-9962, CVE-2024-21626).
            child.processes().closeAll(PosixSpawn.CONTROL + 1);
            child.flush(); // what is sent to it from now on is open in it before a batch begins
            return new Spawned(child, pid);
        } catch (RuntimeException f) {
            pair[0].close();
            if (pid > 0) {
                kernel.processes().reap(pid); // it ends, because its socket is closed
            }
            throw f;
        }
    }
}
