package io.jrunc.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** What a host may lack. Probed once, by looking or by trying. */
enum Feature {
    ROOT("this needs root", () -> System.getProperty("user.name").equals("root")),
    JRUNC("this is about jrunc alone", Program::isJrunc),
    RUNC(
            "this compares with runc, which is not installed",
            () -> Program.installed("runc").isPresent()),
    CGROUP_V1(
            "this host has no cgroup v1 hierarchy with the pids controller",
            () -> Files.exists(Path.of("/sys/fs/cgroup/pids/cgroup.procs"))),
    TIME_NAMESPACE(
            "this kernel has no time namespaces",
            () -> Files.exists(Path.of("/proc/self/ns/time"))),
    BASH("bash is not installed", () -> Program.installed("bash").isPresent()),
    SCRIPT("script of util-linux is not installed", () -> Program.installed("script").isPresent()),
    SETPRIV(
            "setpriv of util-linux is not installed",
            () -> Program.installed("setpriv").isPresent()),
    GCC("gcc is not installed", () -> Program.installed("gcc").isPresent());

    private final String reason;
    private final boolean there;

    Feature(String reason, BooleanSupplier probe) {
        this.reason = reason;
        this.there = probe.getAsBoolean();
    }

    boolean isThere() {
        return there;
    }

    /** Why a test that needs it is skipped. */
    String reason() {
        return reason;
    }
}
