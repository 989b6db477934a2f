// SPDX-License-Identifier: Apache-2.0
package io.jrunc.setup;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What must be taken back if a set-up does not succeed: a stack of actions. The runtime carries
 * them out when a step fails; the process that outlives a killed runtime carries out those parts
 * that are plain system calls.
 */
public final class Rollback {
    private final Deque<Action> actions = new ArrayDeque<>();

    /** Takes one thing back. */
    public interface Action {
        /** Takes it back now. A {@link Failure} does not keep the other actions from being done. */
        void undo();

        /** Submits the calls that take it back when the runtime is gone; none by default. */
        default void submit(Kernel survivor) {}

        /** Releases what {@link #undo} would have needed: the set-up has succeeded. */
        default void keep() {}
    }

    /** Adds an action, which will be the first to be carried out. */
    public void push(Action action) {
        actions.push(action);
    }

    /** Adds all actions of another rollback, which has none afterwards. */
    public void takeOver(Rollback other) {
        while (!other.actions.isEmpty()) {
            push(other.actions.removeLast());
        }
    }

    /**
     * Carries out all actions, the last one first; what fails meanwhile is suppressed.
     *
     * @return {@code failure}, the cause
     */
    public RuntimeException undo(RuntimeException failure) {
        while (!actions.isEmpty()) {
            try {
                actions.pop().undo();
            } catch (Failure second) {
                failure.addSuppressed(second);
                for (Throwable further : second.getSuppressed()) {
                    failure.addSuppressed(further);
                }
            }
        }
        return failure;
    }

    /** Submits the calls of all actions, the last one first, as a cleanup batch. */
    public void submit(Kernel survivor) {
        for (Action action : actions) {
            action.submit(survivor);
        }
    }

    /** Forgets all actions: what was set up stays. */
    public void keep() {
        while (!actions.isEmpty()) {
            actions.pop().keep();
        }
    }
}
