// SPDX-License-Identifier: Apache-2.0
package io.jrunc.program;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Machine;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.rootfs.ImageFile;
import io.jrunc.rootfs.ImageFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that execve(2) would refuse without a reason. */
class ProgramCheckTest {
    private static final boolean ARM64 = Machine.name().equals("aarch64");
    private static final int OURS = ARM64 ? 183 : 62;
    private static final int OTHERS = ARM64 ? 62 : 183;
    private static final String OTHER_NAME = ARM64 ? "x86_64" : "aarch64";

    private static final byte[] HOSTILE = {0, 1, 2, 3, 5, 0x7f, (byte) 0x80, (byte) 0xff};

    @TempDir Path directory;

    private Path program(byte[] content) throws IOException {
        return Files.write(directory.resolve("program"), content);
    }

    private Path script(String text) throws IOException {
        return program(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Path executable(Path file) {
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }

    private static void check(Path file) {
        LocalKernel kernel = LocalKernel.get();
        ImageFiles image = new ImageFiles(kernel);
        try (ImageFile program = image.at(file.toString())) {
            new ProgramCheck(kernel, kernel, image, List.of()).check(file.toString(), program);
        }
    }

    private void assertRefused(Path file, Errno errno, String problemAndHint) {
        Failure failure = assertThrows(Failure.class, () -> check(file));

        assertEquals("exec: \"" + file + "\": " + problemAndHint, failure.getMessage());
        assertEquals(Optional.of(errno), failure.errno());
        assertEquals(Failure.Code.EXEC, failure.code());
        assertEquals(file.toString(), failure.path());
    }

    @Test
    void programsOfThisMachineAreFine() throws IOException {
        check(program(ElfFile.of64(OURS).bytes()));
        check(program(ElfFile.of64(OURS).loader("/proc/self/exe").bytes()));
        assertDoesNotThrow(() -> check(Path.of("/bin/sh")));
    }

    @Test
    void scriptWhoseInterpreterIsThereIsFine() throws IOException {
        assertDoesNotThrow(() -> check(script("#!/bin/sh\n")));
        assertDoesNotThrow(() -> check(script("#! /bin/sh -e\necho\n")));
        assertDoesNotThrow(() -> check(script("#!/bin/sh")));
    }

    @Test
    void dynamicLoaderThatIsMissingIsNamed() throws IOException {
        assertRefused(
                program(ElfFile.of64(OURS).loader("/lib/ld-musl.so.1").bytes()),
                Errno.ENOENT,
                "no such file or directory (its dynamic loader /lib/ld-musl.so.1 is missing in the"
                        + " root file system)");
    }

    @Test
    void interpreterThatIsMissingIsNamed() throws IOException {
        assertRefused(
                script("#!/no/such/python3 -u\n"),
                Errno.ENOENT,
                "no such file or directory (its interpreter /no/such/python3 is missing in the"
                        + " root file system)");
    }

    @Test
    void windowsLineEndIsShown() throws IOException {
        assertRefused(
                script("#!/bin/sh\r\necho\r\n"),
                Errno.ENOENT,
                "no such file or directory (its first line ends in a carriage return, so the kernel"
                        + " looks for \"/bin/sh\\r\"; convert it with dos2unix)");
    }

    @Test
    void codeOfAnotherMachineIsNamed() throws IOException {
        assertRefused(
                program(ElfFile.of64(OTHERS).bytes()),
                Errno.ENOEXEC,
                "exec format error (it is for "
                        + OTHER_NAME
                        + ", this machine is "
                        + Machine.name()
                        + ")");
    }

    @Test
    void textWithoutAnInterpreterIsNoProgram() throws IOException {
        assertRefused(
                script("echo hello\n"),
                Errno.ENOEXEC,
                "exec format error (neither an ELF program nor a script that begins with #!)");
    }

    @Test
    void emptyFileIsNoProgram() throws IOException {
        assertRefused(program(new byte[0]), Errno.ENOEXEC, "exec format error (it is empty)");
    }

    @Test
    void interpreterEndsAtABlankOfEitherKind() throws IOException {
        assertDoesNotThrow(() -> check(script("#!\t/bin/sh\t-e\n")));
    }

    @Test
    void carriageReturnAfterAnArgumentDoesNotHideTheInterpreter() throws IOException {
        assertDoesNotThrow(() -> check(script("#!/bin/sh -e\r\necho\r\n")));
    }

    @Test
    void interpreterIsCheckedLikeAProgram() throws IOException {
        Path inner = Files.writeString(directory.resolve("inner"), "#!/no/such/thing\n");
        executable(inner);
        Path outer = script("#!" + inner + "\n");

        Failure failure = assertThrows(Failure.class, () -> check(outer));

        assertEquals(
                "exec: \""
                        + inner
                        + "\": no such file or directory (its interpreter /no/such/thing is missing"
                        + " in the root file system)",
                failure.getMessage());
    }

    @Test
    void interpreterThatIsNotExecutableIsNamed() throws IOException {
        Path inner = Files.writeString(directory.resolve("inner"), "#!/bin/sh\n");

        assertRefused(
                script("#!" + inner + "\n"),
                Errno.EACCES,
                "permission denied (its interpreter " + inner + " is not executable)");
    }

    @Test
    void scriptThatInterpretsItselfIsRefused() throws IOException {
        Path self = directory.resolve("program");

        assertRefused(
                executable(script("#!" + self + "\n")),
                Errno.ELOOP,
                "too many levels of scripts (the kernel follows 5; name a program as interpreter)");
    }

    /** What execve(2) itself says of so many scripts. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 6, 7})
    void asManyScriptsAsTheKernelFollowsAreFine(int scripts) throws Exception {
        String interpreter = "/bin/true";
        Path last = null;
        for (int i = 0; i < scripts; i++) {
            last = Files.writeString(directory.resolve("s" + i), "#!" + interpreter + "\n");
            interpreter = executable(last).toString();
        }
        Path outermost = last;

        assertEquals(runs(outermost), isAccepted(outermost));
        assertEquals(scripts <= 5, isAccepted(outermost));
    }

    private static boolean runs(Path program) throws InterruptedException {
        try {
            return new ProcessBuilder(program.toString()).start().waitFor() == 0;
        } catch (IOException refused) {
            return false;
        }
    }

    private static boolean isAccepted(Path program) {
        try {
            check(program);
            return true;
        } catch (Failure refused) {
            return false;
        }
    }

    /** A pipe without a writer: opening it must not wait. */
    @Test
    void pipeIsNoProgram() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertEquals(
                0, new ProcessBuilder("mkfifo", "-m", "755", pipe.toString()).start().waitFor());

        assertRefused(pipe, Errno.EACCES, "permission denied (it is no regular file)");
    }

    @Test
    void hostileHeadsAreAnsweredOrRefusedButNeverBreakTheRuntime() throws IOException {
        byte[] shell = Files.readAllBytes(Path.of("/bin/sh"));
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            byte[] hostile = shell.clone();
            int changes = 1 + random.nextInt(8);
            for (int i = 0; i < changes; i++) {
                // Not the magic; the head of 64 bytes and the table of segments that follows it.
                hostile[32 + random.nextInt(600)] = HOSTILE[random.nextInt(HOSTILE.length)];
            }
            Path file = program(hostile);
            try {
                check(file);
            } catch (Failure refused) {
                assertEquals(Failure.class, refused.getClass());
            } catch (RuntimeException broken) {
                throw new AssertionError("seed " + seed, broken);
            }
        }
    }
}
