// SPDX-License-Identifier: Apache-2.0
/** Sandboxes: a program runs confined, with streams, limits and a result. */
module io.jrunc.sandbox {
    requires transitive io.jrunc.linux;
    requires io.jrunc.container;
    requires static org.jspecify;

    exports io.jrunc.sandbox;
}
