// SPDX-License-Identifier: Apache-2.0
package io.jrunc.setup;

import io.jrunc.linux.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Steps in kernel order, each with its phase, and the one loop that takes them.
 *
 * @param lines in the order of {@link Phase}
 */
public record Plan(List<Line> lines) {
    public Plan {
        lines = List.copyOf(lines);
    }

    /** A step and when it is taken. */
    public record Line(Phase phase, Step step) {}

    /** Observes the steps being taken. */
    public interface Listener {
        /** The step is about to be taken. */
        void before(Step step);

        /** The step was taken, in so many microseconds. */
        void after(Step step, long micros);
    }

    /** A plan being written, line by line. */
    public static final class Recipe {
        private final List<Line> lines = new ArrayList<>();

        /** Adds a step; {@link IllegalStateException} if its phase lies before the last line's. */
        public void add(Phase phase, Step step) {
            if (!lines.isEmpty() && lines.get(lines.size() - 1).phase().compareTo(phase) > 0) {
                throw new IllegalStateException(
                        phase + " comes before " + lines.get(lines.size() - 1));
            }
            lines.add(new Line(phase, step));
        }

        /** Adds a step that this container may not need. */
        public void add(Phase phase, Optional<? extends Step> step) {
            if (step.isPresent()) {
                add(phase, step.get());
            }
        }

        /** Adds any number of steps. */
        public void add(Phase phase, List<? extends Step> steps) {
            for (Step step : steps) {
                add(phase, step);
            }
        }

        /** The plan. */
        public Plan build() {
            return new Plan(lines);
        }
    }

    /** Takes all steps. */
    public void play(SetupContext context, Listener listener) {
        play(context, listener, Phase.CGROUPS, Phase.POSTSTART);
    }

    /** Takes the steps of the phases from {@code first} to {@code last}, both included. */
    public void play(SetupContext context, Listener listener, Phase first, Phase last) {
        Line before = null;
        for (Line line : lines) {
            if (line.phase.compareTo(first) < 0 || line.phase.compareTo(last) > 0) {
                continue;
            }
            boolean decides = before != null && before.phase.isDecided(line.phase);
            if (before != null && (decides || !line.step.isDeferrable())) {
                finish(before.step, context);
            }
            take(line.step, context, listener);
            before = line;
        }
        if (before != null) {
            finish(before.step, context);
        }
    }

    private static void take(Step step, SetupContext context, Listener listener) {
        listener.before(step);
        long start = System.nanoTime();
        try {
            context.attribute(step);
            step.apply(context);
            if (!step.isDeferrable()) {
                context.flush();
            }
        } catch (Failure f) {
            throw explained(f, step);
        }
        listener.after(step, (System.nanoTime() - start) / 1000);
    }

    /** Has all processes make what they were asked for. */
    private static void finish(Step last, SetupContext context) {
        try {
            context.flush();
        } catch (Failure f) {
            throw explained(f, last);
        }
    }

    /** By the step whose call has failed, which may be an earlier one than that under way. */
    private static Failure explained(Failure failure, Step underWay) {
        Object origin = failure.origin().orElse(underWay);
        return (origin instanceof Step step ? step : underWay).explained(failure);
    }
}
