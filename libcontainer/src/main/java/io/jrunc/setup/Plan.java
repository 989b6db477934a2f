package io.jrunc.setup;

import io.jrunc.linux.Failure;
import java.util.List;

/** The steps that make a container, in order, and the one loop that takes them. */
public record Plan(List<Step> steps) {
    public Plan {
        steps = List.copyOf(steps);
    }

    /** Hears what is done. */
    public interface Listener {
        /** The step is about to be taken. */
        void before(Step step);

        /** The step was taken, in so many microseconds. */
        void after(Step step, long micros);
    }

    /** Takes all steps; the failure of one is told with its title. */
    public void run(SetupContext context, Listener listener) {
        for (Step step : steps) {
            listener.before(step);
            long start = System.nanoTime();
            try {
                step.apply(context);
                context.flush();
            } catch (Failure f) {
                throw f.during(step.title());
            }
            listener.after(step, (System.nanoTime() - start) / 1000);
        }
    }
}
