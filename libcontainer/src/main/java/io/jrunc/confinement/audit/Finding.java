// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import io.jrunc.linux.OneLine;
import io.jrunc.spec.json.SpecDocument;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A weakness of one container.
 *
 * @param field of {@code config.json}, as in all messages: {@code mounts[3].options}; for the root
 *     file system {@code root.path}
 * @param problem what is there, a clause
 * @param fix the change of the document that is as good as mechanical; absent: people must decide
 */
public record Finding(
        FindingType type,
        Severity severity,
        String field,
        String problem,
        Optional<Consumer<SpecDocument>> fix) {
    public Finding {
        // Text and file names of an untrusted bundle.
        field = OneLine.of(field);
        problem = OneLine.of(problem);
    }

    /** Returns the id for machines. */
    public String id() {
        return type.id();
    }

    /** Returns whether {@code audit --fix} can do something about it. */
    public boolean isFixable() {
        return fix.isPresent();
    }

    /** Returns the same, with what mends it. */
    Finding fixedBy(Consumer<SpecDocument> change) {
        return new Finding(type, severity, field, problem, Optional.of(change));
    }
}
