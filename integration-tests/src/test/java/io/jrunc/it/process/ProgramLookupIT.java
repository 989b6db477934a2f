// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.process;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Shows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is run, found at create; and what is said if it cannot be. Engines look for these words to
 * choose between the exit codes 126 and 127.
 */
@Requires(ROOT)
class ProgramLookupIT {
    private static final String EXECUTABLE = "rwxr-xr-x";
    private static final int EM_X86_64 = 62;
    private static final int EM_S390 = 22;

    @Shows("process.args")
    @Test
    void absolutePathIsRun() {
        assertEquals("ran", Bundle.busybox().run("/bin/echo", "ran").output());
    }

    @Shows("process.cwd")
    @Test
    void pathWithASlashIsRelativeToTheWorkingDirectory() {
        assertEquals("ran", Bundle.busybox().cwd("/bin").run("./echo", "ran").output());
    }

    @Shows({"process.args", "process.env"})
    @Test
    void nameIsLookedUpInPathInOrder() {
        var bundle =
                Bundle.busybox().set("/process/env", List.of("PATH=/none:/first:/second:/bin"));
        bundle.file("/first/program", "#!/bin/sh\necho not executable\n");
        bundle.file("/second/program", "#!/bin/sh\necho second\n", EXECUTABLE);
        bundle.file("/bin/program", "#!/bin/sh\necho third\n", EXECUTABLE);

        assertEquals("second", bundle.run("program").output());
    }

    @Test
    void pathOfTheCallerIsNotUsed() {
        var bundle = Bundle.busybox().set("/process/env", List.of("PATH=/none"));

        bundle.run("echo").failsWith("executable file not found in \\$PATH");
    }

    @Test
    void unknownNameIsNotFound() {
        Bundle.busybox()
                .run("nosuchcmd")
                .failsWith("nosuchcmd", "executable file not found in \\$PATH");
    }

    @Test
    void missingFileIsNotFound() {
        Bundle.busybox().run("/no/such").failsWith("/no/such", "no such file or directory");
    }

    @Test
    void fileThatIsNotExecutableIsDenied() {
        var bundle = Bundle.busybox().file("/data", "#!/bin/sh\n");

        bundle.run("/data").failsWith("/data", "permission denied");
    }

    @Test
    void fileThatOnlyOthersMayExecuteIsDenied() {
        var bundle = Bundle.busybox().file("/private", "#!/bin/sh\n", "rwx------");
        bundle.user(1000, 1000).capabilities();

        bundle.run("/private").failsWith("/private", "permission denied");
    }

    /**
     * The kernel asks for the capabilities that the program is given, and so must a check before.
     */
    @ParameterizedTest
    @CsvSource({
        "rwxr-xr-x, rwxr--r--, CAP_DAC_OVERRIDE",
        "rwx------, rwxr-xr-x, CAP_DAC_OVERRIDE",
        "rwx------, rwxr-xr-x, CAP_DAC_READ_SEARCH"
    })
    @Shows({"process.capabilities.effective", "process.args"})
    void capabilitiesOfTheProgramCount(String directory, String file, String capability)
            throws IOException {
        var bundle = Bundle.busybox().user(1000, 1000).capabilities(capability);
        bundle.bytes("/own/echo", Files.readAllBytes(bundle.inside("/bin/busybox")), file);
        Files.setPosixFilePermissions(
                bundle.inside("/own"), PosixFilePermissions.fromString(directory));

        assertEquals("ran", bundle.run("/own/echo", "ran").output());
    }

    @Test
    @Requires(JRUNC)
    void otherCapabilitiesDoNotCount() {
        var bundle = Bundle.busybox().user(1000, 1000).capabilities("CAP_DAC_READ_SEARCH");
        bundle.file("/private", "#!/bin/sh\n", "rwxr--r--");

        bundle.run("/private").failsWith("/private", "permission denied");
    }

    @Test
    void directoryIsDenied() {
        Bundle.busybox().run("/etc").failsWith("/etc", "permission denied|is a directory");
    }

    @Test
    void emptyArgumentIsRefused() {
        assertEquals(1, Bundle.busybox().run("").status());
    }

    @Test
    void noArgumentsAreRefused() {
        Bundle.busybox().run().failsWith("args");
    }

    @Test
    void failureIsOneLine() {
        Result run = Bundle.busybox().run("/no/such");

        assertEquals(1, run.stderr().lines().count(), run::describe);
        assertEquals("", run.stdout());
    }

    @Test
    @Requires(JRUNC) // the container says it too late in runc, and not what is missing
    void missingInterpreterIsNamed() {
        var bundle = Bundle.busybox().file("/script", "#!/no/perl -w\n", EXECUTABLE);

        bundle.run("/script").failsWith("/script", "/no/perl", "no such file or directory");
    }

    @Test
    @Requires(JRUNC)
    void scriptWithWindowsLineEndsIsReported() {
        var bundle = Bundle.busybox().file("/script", "#!/bin/sh\r\necho\r\n", EXECUTABLE);

        bundle.run("/script").failsWith("/script", "(?i)carriage return|CRLF|line end");
    }

    @Test
    @Requires(JRUNC)
    void interpreterThatIsNotExecutableIsDenied() {
        var bundle = Bundle.busybox().file("/script", "#!/etc/plain\n", EXECUTABLE);
        bundle.file("/etc/plain", "x");

        bundle.run("/script").failsWith("/etc/plain", "permission denied");
    }

    @Test
    @Requires(JRUNC)
    void programOfAnotherMachineIsReported() {
        var bundle = Bundle.busybox().bytes("/program", elf(EM_S390, null), EXECUTABLE);

        bundle.run("/program").failsWith("/program", "exec format error", "(?i)s390");
    }

    @Test
    @Requires(JRUNC)
    void missingLoaderIsNamed() {
        var bundle = Bundle.busybox();
        bundle.bytes("/program", elf(EM_X86_64, "/lib64/ld-nowhere.so.2"), EXECUTABLE);

        bundle.run("/program")
                .failsWith("/program", "/lib64/ld-nowhere.so.2", "no such file or directory");
    }

    @Test
    @Requires(JRUNC)
    void fileOfNoKnownFormatIsReported() {
        var bundle = Bundle.busybox().file("/notes", "just text\n", EXECUTABLE);

        bundle.run("/notes").failsWith("/notes", "exec format error");
    }

    @Test
    void scriptIsRunByItsInterpreter() {
        var bundle = Bundle.busybox();
        bundle.file("/script", "#!/bin/sh -e\necho $0 $1\n", EXECUTABLE);

        assertEquals("/script one", bundle.run("/script", "one").output());
    }

    @Test
    void createFailsToo() {
        Container container = Bundle.busybox().args("/no/such").container();

        container.create().failsWith("no such file or directory");
    }

    /** What was there at create may be gone at start. */
    @Test
    @Requires(JRUNC)
    void programThatDisappearsFailsTheStartWithItsReason() {
        var bundle = Bundle.busybox().file("/script", "#!/bin/sh\n", EXECUTABLE);
        Container container = bundle.create("/script");
        bundle.inside("/script").toFile().delete();

        container.start().failsWith("/script", "no such file or directory");

        assertEquals("stopped", container.awaitEnd().status());
    }

    /** An ELF header, and one program header if there is a loader to name. */
    private static byte[] elf(int machine, String loader) {
        ByteBuffer file = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
        boolean bigEndian = machine == EM_S390;
        if (bigEndian) {
            file.order(ByteOrder.BIG_ENDIAN);
        }
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, (byte) (bigEndian ? 2 : 1), 1});
        file.position(16);
        file.putShort((short) 3).putShort((short) machine).putInt(1);
        file.putLong(0x100).putLong(64).putLong(0).putInt(0); // entry, program headers
        file.putShort((short) 64).putShort((short) 56).putShort((short) (loader == null ? 0 : 1));
        if (loader != null) {
            byte[] name = (loader + "\0").getBytes(StandardCharsets.US_ASCII);
            file.position(64);
            file.putInt(3 /* PT_INTERP */).putInt(4).putLong(256).putLong(256).putLong(256);
            file.putLong(name.length).putLong(name.length).putLong(1);
            file.position(256);
            file.put(name);
        }
        return file.array();
    }
}
