// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.linux.Fd;
import io.jrunc.state.State;
import io.jrunc.state.StateDirectory;
import java.util.Optional;

/**
 * A container that was made; all descriptors are the receiver's to close.
 *
 * @param terminal the master of its terminal; empty without one
 * @param readiness the socket on which its program says that it is ready; empty if it need not
 * @param guard ends it when this process ends; empty if nothing does
 */
public record CreatedContainer(
        StateDirectory directory,
        State state,
        Optional<Fd> terminal,
        Optional<Fd> readiness,
        Optional<ProcessGuard> guard) {}
