// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import io.jrunc.linux.OneLine;
import java.util.List;

/**
 * One step of making a container, in words, and the system calls that it would make.
 *
 * @param actor which process
 * @param field of {@code config.json} that causes the step; "always" if none does
 * @param calls as strace(1) would print them
 */
public record ExplainedStep(String actor, String title, String field, List<String> calls) {
    public ExplainedStep {
        // An untrusted bundle may be explained.
        title = OneLine.clean(title);
        field = OneLine.clean(field);
        calls = calls.stream().map(OneLine::clean).toList();
    }
}
