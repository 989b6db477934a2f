// SPDX-License-Identifier: Apache-2.0
/** Containers from bundles. */
@SuppressWarnings({"module", "requires-automatic"})
module io.jrunc.container {
    requires transitive io.jrunc.linux;
    requires transitive io.jrunc.seccomp;
    requires com.fasterxml.jackson.core;
    requires com.google.protobuf;
    requires org.freedesktop.dbus;
    requires static org.jspecify;

    exports io.jrunc.container;
    exports io.jrunc.container.model;
    exports io.jrunc.spec;
    exports io.jrunc.cgroup.stats;
    exports io.jrunc.checkpoint.option;
    exports io.jrunc.resctrl.stats;
    exports io.jrunc.cgroup to
            io.jrunc.sandbox;
    exports io.jrunc.host to
            io.jrunc.sandbox;
    exports io.jrunc.setup to
            io.jrunc.sandbox;
    exports io.jrunc.spec.json to
            io.jrunc.sandbox;
    exports io.jrunc.spec.template to
            io.jrunc.sandbox;
    exports io.jrunc.validate to
            io.jrunc.sandbox;
}
