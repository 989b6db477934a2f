// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.credentials.CapabilitySets;
import io.jrunc.credentials.CheckCapabilities;
import io.jrunc.credentials.Identity;
import io.jrunc.program.FindProgram;
import io.jrunc.setup.Step;
import io.jrunc.spec.CapabilityNames;
import io.jrunc.spec.ProcessSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides how a process in the container gets ready for its program. Touches nothing. */
public final class ProcessSteps {
    private ProcessSteps() {}

    /** Sets the OOM score of the stage, from which init inherits it: init may not lower it. */
    public static Optional<Step> oomScore(ProcessSpec process) {
        return process.oomScoreAdj().isPresent()
                ? Optional.of(new SetOomScore(process.oomScoreAdj().getAsInt()))
                : Optional.empty();
    }

    /**
     * Returns the steps before the last calls, which are {@link ProgramStart}.
     *
     * @param pipesToo whether not only a terminal but pipes, too, are given to the program's user
     */
    public static List<Step> of(ProcessSpec process, boolean pipesToo) {
        List<Step> steps = new ArrayList<>();
        Identity identity = Identity.of(process);
        if (process.terminal() || pipesToo) {
            steps.add(new OwnStreams(identity.uid(), process.terminal()));
        }
        Map<String, String> environment = Environment.parse(process.env());
        if (environment.getOrDefault("HOME", "").isEmpty()) {
            steps.add(new FindHome(identity.uid()));
        }
        steps.add(new EnterDirectory(process.cwd(), identity));
        if (!process.rlimits().isEmpty()) {
            steps.add(new RaiseLimits(process.rlimits()));
        }
        CapabilitySets capabilities = capabilities(process);
        if (process.capabilities().isPresent()) {
            steps.add(new CheckCapabilities(capabilities));
        }
        if (process.interpreter().isPresent()) {
            return steps; // the image's file is only read
        }
        List<String> path = Environment.searchPath(environment);
        steps.add(
                new FindProgram(
                        process.args().get(0),
                        path,
                        process.env(),
                        identity,
                        capabilities.effective()));
        return steps;
    }

    private static CapabilitySets capabilities(ProcessSpec process) {
        int last = CapabilityNames.ALL.size() - 1;
        return CapabilitySets.of(process, last);
    }
}
