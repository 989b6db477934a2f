// SPDX-License-Identifier: Apache-2.0
/** Seccomp profiles as data, and the compiler to BPF. */
@SuppressWarnings("module")
module io.jrunc.seccomp {
    requires transitive io.jrunc.linux;
    requires static org.jspecify;

    exports io.jrunc.seccomp;
    exports io.jrunc.seccomp.compile to
            io.jrunc.container;
    exports io.jrunc.seccomp.explain to
            io.jrunc.container;
    exports io.jrunc.seccomp.profile to
            io.jrunc.container;
    exports io.jrunc.seccomp.recording to
            io.jrunc.container;
}
