// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.compile;

import static io.jrunc.seccomp.Profiles.rule;
import static io.jrunc.seccomp.Profiles.when;
import static io.jrunc.seccomp.Profiles.whenMasked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Operator;
import io.jrunc.seccomp.Profiles;
import io.jrunc.seccomp.Seccomp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BpfProgramTest {
    private static final BpfProgram TWO =
            new BpfProgram(
                    new long[] {
                        BpfProgram.instruction(BpfProgram.JUMP_EQUAL, 1, 0xff, 0xc000_003e),
                        BpfProgram.instruction(BpfProgram.RETURN, 0, 0, 0x7fff_0000),
                    },
                    List.of());

    @Test
    void instructionsTakeEightBytesEach() {
        byte[] expected = {
            0x15,
            0,
            1,
            (byte) 0xff,
            0x3e,
            0,
            0,
            (byte) 0xc0,
            0x06,
            0,
            0,
            0,
            0,
            0,
            (byte) 0xff,
            0x7f,
        };

        assertArrayEquals(expected, TWO.toBytes(ByteOrder.LITTLE_ENDIAN));
    }

    @Test
    void byteOrderConcernsCodeAndConstant() {
        byte[] expected = {
            0,
            0x15,
            1,
            (byte) 0xff,
            (byte) 0xc0,
            0,
            0,
            0x3e,
            0,
            0x06,
            0,
            0,
            0x7f,
            (byte) 0xff,
            0,
            0,
        };

        assertArrayEquals(expected, TWO.toBytes(ByteOrder.BIG_ENDIAN));
    }

    @Test
    void smallProfileHasItsListing() throws IOException {
        Seccomp profile =
                Profiles.of(
                        Action.ERRNO,
                        List.of(Architecture.X86),
                        List.of(
                                rule(Action.ALLOW, "read"),
                                rule(Action.ALLOW, "write"),
                                rule(Action.ALLOW, "exit_group"),
                                rule(Action.ALLOW, "socket", when(0, Operator.LT, 12)),
                                rule(Action.ALLOW, "clone", whenMasked(0, 0x7e02_0000, 0)),
                                rule(Action.ERRNO, 38, "clone3")));

        String listing = FilterCompiler.compile(profile, Architecture.X86_64).listing();

        assertGolden("small-profile.txt", listing);
    }

    /** Compares with a file of the tests; {@code -Dgolden.update=true} writes it instead. */
    private static void assertGolden(String name, String actual) throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(Path.of("src/test/resources/io/jrunc/seccomp/compile", name), actual);
            return;
        }
        try (InputStream in = BpfProgramTest.class.getResourceAsStream(name)) {
            assertEquals(new String(in.readAllBytes(), UTF_8), actual);
        }
    }
}
