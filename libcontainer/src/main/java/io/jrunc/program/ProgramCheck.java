// SPDX-License-Identifier: Apache-2.0
package io.jrunc.program;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Machine;
import io.jrunc.linux.Stat;
import io.jrunc.rootfs.ImageFile;
import io.jrunc.rootfs.ImageFiles;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Tells why a program cannot run, where execve(2) would only say ENOENT or ENOEXEC: interpreter
 * missing, script with Windows line ends, another machine's code. Source: elf(5), execve(2).
 */
final class ProgramCheck {
    private static final int HEAD_BYTES = 512;

    /** How many scripts the kernel goes through to find a program. */
    private static final int MAX_SCRIPTS = 5;

    private final Files files;
    private final ImageFiles image;
    private final SharedLibraries libraries;

    /**
     * Checks programs that will have {@code environment}.
     *
     * @param init looks names up
     * @param runtime reads what {@code image} opens
     */
    ProgramCheck(Kernel init, Kernel runtime, ImageFiles image, List<String> environment) {
        this.files = runtime.files();
        this.image = image;
        this.libraries = new SharedLibraries(init, runtime, image, environment);
    }

    /** Throws the reason for which {@code program} cannot run, if there is one for certain. */
    void check(String path, ImageFile program) {
        check(path, program, 0);
    }

    private void check(String path, ImageFile program, int depth) {
        Optional<Stat> stat = program.stat();
        if (stat.isEmpty()) {
            return; // init may not search a directory that the program's user may
        }
        if (!stat.get().isRegularFile()) {
            throw problem(path, "permission denied", Errno.EACCES, "it is no regular file");
        }
        if (!program.isReadable()) {
            return; // executable but not readable: left to the kernel
        }
        byte[] head = files.readAt(program.content(), HEAD_BYTES, 0);
        if (Elf.isElf(head)) {
            checkElf(path, program.content(), new Elf(head));
        } else if (head.length >= 2 && head[0] == '#' && head[1] == '!') {
            checkScript(path, head, depth);
        } else if (depth == 0) {
            throw problem(
                    path,
                    "exec format error",
                    Errno.ENOEXEC,
                    head.length == 0
                            ? "it is empty"
                            : "neither an ELF program nor a script that begins with #!");
        }
    }

    private void checkElf(String path, Fd file, Elf elf) {
        if (!elf.isFor(Machine.name())) {
            throw problem(
                    path,
                    "exec format error",
                    Errno.ENOEXEC,
                    "it is for " + elf.machine() + ", this machine is " + Machine.name());
        }
        String interpreter = elf.interpreter(files, file);
        if (interpreter.isEmpty()) {
            return;
        }
        try (ImageFile loader = image.at(interpreter)) {
            if (loader.isMissing()) {
                throw problem(
                        path,
                        "no such file or directory",
                        Errno.ENOENT,
                        "its dynamic loader "
                                + interpreter
                                + " is missing in the root file system");
            }
        }
        if (elf.is64Bit()) {
            String missing = libraries.missing(path, interpreter, elf, file);
            if (!missing.isEmpty()) {
                throw problem(
                        path,
                        "shared library " + missing + ": no such file or directory",
                        Errno.ENOENT,
                        "the program needs it, and the dynamic loader would not find it in the root"
                                + " file system");
            }
        }
    }

    /** The kernel takes all up to the first blank, a carriage return included. */
    private void checkScript(String path, byte[] head, int depth) {
        String text = new String(head, StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        String line = trimBlanks(text.substring(2, end < 0 ? text.length() : end));
        int blank = 0;
        while (blank < line.length() && line.charAt(blank) != ' ' && line.charAt(blank) != '\t') {
            blank++;
        }
        String name = line.substring(0, blank);
        try (ImageFile interpreter = image.at(name)) {
            if (interpreter.isMissing()) {
                throw missingInterpreter(path, name);
            }
            Optional<Stat> stat = interpreter.stat();
            if (stat.isPresent() && (stat.get().permissions() & 0111) == 0) {
                throw problem(
                        path,
                        "permission denied",
                        Errno.EACCES,
                        "its interpreter " + name + " is not executable");
            }
            if (depth == MAX_SCRIPTS) {
                throw problem(
                        path,
                        "too many levels of scripts",
                        Errno.ELOOP,
                        "the kernel follows " + MAX_SCRIPTS + "; name a program as interpreter");
            }
            check(name, interpreter, depth + 1);
        }
    }

    private static Failure missingInterpreter(String path, String interpreter) {
        boolean windows = interpreter.endsWith("\r");
        return problem(
                path,
                "no such file or directory",
                Errno.ENOENT,
                windows
                        ? "its first line ends in a carriage return, so the kernel looks for \""
                                + interpreter.strip()
                                + "\\r\"; convert it with dos2unix"
                        : "its interpreter " + interpreter + " is missing in the root file system");
    }

    private static String trimBlanks(String line) {
        int start = 0;
        while (start < line.length() && (line.charAt(start) == ' ' || line.charAt(start) == '\t')) {
            start++;
        }
        return line.substring(start);
    }

    private static Failure problem(String path, String problem, Errno errno, String hint) {
        return Failure.of(
                Failure.Code.EXEC, "exec: \"" + path + "\": " + problem, path, errno, hint);
    }
}
