// SPDX-License-Identifier: Apache-2.0
/** System calls: made in this process through JNR-FFI, or sent to a child process. */
@SuppressWarnings({"module", "requires-automatic"})
module io.jrunc.linux {
    requires org.jnrproject.ffi;
    requires org.jnrproject.jffi;
    requires static org.jspecify;

    exports io.jrunc.linux;
    exports io.jrunc.linux.child to
            io.jrunc.container;
    exports io.jrunc.linux.local to
            io.jrunc.container,
            io.jrunc.sandbox;
    exports io.jrunc.linux.netlink to
            io.jrunc.container;
}
