// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.cli.launcher.Launcher;
import io.jrunc.cli.launcher.Request;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.local.LocalKernel;
import java.util.List;
import org.junit.jupiter.api.Test;

class GlobalOptionsTest {
    private static final Request REQUEST =
            new Request("/here/below", List.of(), List.of(), List.of());

    private static GlobalOptions parse(String... arguments) {
        Syntax syntax = new Syntax();
        GlobalOptions.describe(syntax);
        Fd closed = Fd.of(LocalKernel.get(), -1, "launcher");
        return GlobalOptions.of(
                Arguments.parse(syntax, List.of(arguments)),
                REQUEST,
                new Launcher(closed, REQUEST),
                List.of(arguments));
    }

    @Test
    void rootIsAbsoluteAndClean() {
        assertEquals("/run/x", parse("--root", "/run//./x/").root());
        assertEquals("/run/x", parse("--root", "/run/y/../x").root());
        assertEquals("/here/below/x", parse("--root", "x").root());
        assertEquals("/here/x", parse("--root", "../x").root());
        assertEquals("/here/below", parse("--root", ".").root());
        assertTrue(parse("--root", "/x").explicitRoot());
        assertFalse(parse().explicitRoot());
    }

    @Test
    void rootOfTheHostIsRefused() {
        for (String root : List.of("/", "//", "/..", "/a/..", "../..", "../../..")) {
            Failure failure = assertThrows(Failure.class, () -> parse("--root", root), root);

            assertEquals("--root: \"" + root + "\" should not be set to /", failure.getMessage());
        }
    }

    @Test
    void cgroupManagerIsOneOfThree() {
        assertEquals("cgroupfs", parse().cgroupManager());
        assertEquals("systemd", parse("--systemd-cgroup").cgroupManager());
        assertEquals("disabled", parse("--cgroup-manager", "disabled").cgroupManager());
        assertEquals("disabled", parse("--cgroup-manager=disabled").cgroupManager());
        assertEquals(
                "--cgroup-manager: \"runit\" is none; write cgroupfs, systemd or disabled",
                assertThrows(Failure.class, () -> parse("--cgroup-manager", "runit")).getMessage());
    }

    @Test
    void rootlessIsTrueFalseOrAuto() {
        for (String word : List.of("true", "false", "auto")) {
            assertFalse(parse("--rootless", word).debug());
        }
        assertEquals(
                "--rootless: \"maybe\" is not true, false or auto",
                assertThrows(Failure.class, () -> parse("--rootless", "maybe")).getMessage());
    }

    @Test
    void whatWasGivenIsKept() {
        assertEquals(List.of("--debug", "--root", "/x"), parse("--debug", "--root", "/x").given());
        assertTrue(parse("--debug").debug());
    }
}
