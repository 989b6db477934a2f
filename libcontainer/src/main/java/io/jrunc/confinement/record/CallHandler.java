// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.record;

import io.jrunc.process.Notifications;
import io.jrunc.process.Notifications.Question;

/** Decides about the calls of a container. Used by one thread. */
public interface CallHandler {
    /** Answers {@code question}; the calling thread waits until then. */
    void answer(Notifications notifications, Question question);
}
