// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

/**
 * Operations of the child and the launcher that are no system calls; {@code batch.h} has them too.
 */
public enum ChildOp implements Operation {
    /** clone3(2); the new process answers on a control socket of its own. */
    CLONE(-1, "clone3"),
    /** The conversation continues on another descriptor. */
    TAKE_CONTROL(-2, "take_control"),
    /** Sends a descriptor back to the runtime. */
    ATTACH(-3, "send_descriptor"),
    /** Completes a structure in the batch's data; inserted by the encoder. */
    STORE(-4, "store"),
    /** Asks for the number of the control socket. */
    CONTROL(-5, "control"),
    /** Fails with EBADMSG unless a word that an earlier call of the batch wrote is as expected. */
    CHECK(-6, "check"),
    /** Launcher: once the runtime is gone, waits for a process and ends with its exit status. */
    SUPERVISE(-16, "supervise"),
    /** Launcher: ends with this exit status as soon as the runtime is gone. */
    END(-17, "end"),
    /** Launcher: passes on that a container is ready. */
    RELAY_READINESS(-18, "relay_readiness");

    private final int number;
    private final String manualName;

    ChildOp(int number, String manualName) {
        this.number = number;
        this.manualName = manualName;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public String manualName() {
        return manualName;
    }
}
