// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.record;

import io.jrunc.process.Notifications;
import io.jrunc.process.Notifications.Question;
import io.jrunc.seccomp.recording.ObservedCall;
import io.jrunc.seccomp.recording.Recording;
import java.util.Optional;

/**
 * Lets every call pass and remembers it.
 *
 * @param recording what was seen so far; safe to be read meanwhile
 */
public record RecordingHandler(Recording recording) implements CallHandler {
    @Override
    public void answer(Notifications notifications, Question question) {
        // First: the thread need not wait for the bookkeeping.
        notifications.letPass(question);
        Optional<ObservedCall> call =
                ObservedCall.of(question.auditArch(), question.number(), question.arguments());
        call.ifPresent(recording::add);
    }
}
