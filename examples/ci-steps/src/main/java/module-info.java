// SPDX-License-Identifier: Apache-2.0
/** Runs the steps of a build in sandboxes. */
module cisteps {
    requires io.jrunc.sandbox;

    exports cisteps;
}
