// SPDX-License-Identifier: Apache-2.0
package io.jrunc.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.child.ChildProgram;
import io.jrunc.testkit.RecordingKernel;
import io.jrunc.testkit.SetupContexts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Phases, and what steps hand to each other. */
class PlanTest {
    private static final Plan.Listener NONE =
            new Plan.Listener() {
                @Override
                public void before(Step step) {}

                @Override
                public void after(Step step, long micros) {}
            };

    private final List<String> taken = new ArrayList<>();
    private final SetupContext context = SetupContexts.of(new RecordingKernel());

    private record Named(String title, List<String> taken) implements Step {
        @Override
        public void apply(SetupContext context) {
            taken.add(title);
        }
    }

    private Plan plan() {
        Plan.Recipe recipe = new Plan.Recipe();
        recipe.add(Phase.MOUNTS, new Named("mount", taken));
        recipe.add(Phase.PIVOT, Optional.of(new Named("pivot", taken)));
        recipe.add(Phase.PIVOT, Optional.empty());
        recipe.add(Phase.EXEC, List.of(new Named("limit", taken), new Named("exec", taken)));
        return recipe.build();
    }

    @Test
    void takesTheStepsOfTheWantedPhasesOnly() {
        plan().play(context, NONE, Phase.CGROUPS, Phase.PRIVILEGES);
        assertEquals(List.of("mount", "pivot"), taken);

        plan().play(context, NONE, Phase.START_HOOKS, Phase.POSTSTART);
        assertEquals(List.of("mount", "pivot", "limit", "exec"), taken);
    }

    @Test
    void refusesALineOfAnEarlierPhase() {
        Plan.Recipe recipe = new Plan.Recipe();
        recipe.add(Phase.PIVOT, new Named("pivot", taken));

        assertThrows(
                IllegalStateException.class,
                () -> recipe.add(Phase.MOUNTS, new Named("mount", taken)));
    }

    @Test
    void namesTheStepThatFailed() {
        Plan.Recipe recipe = new Plan.Recipe();
        recipe.add(
                Phase.MOUNTS,
                new Step() {
                    @Override
                    public String title() {
                        return "mount proc";
                    }

                    @Override
                    public void apply(SetupContext context) {
                        throw Failure.invalid("mounts[0]", "is wrong");
                    }
                });
        Plan plan = recipe.build();

        Failure failure = assertThrows(Failure.class, () -> plan.play(context, NONE));

        assertEquals("mount proc: mounts[0]: is wrong", failure.getMessage());
    }

    /** Makes a call in a process that defers; what it fails in, if at all, is its own directory. */
    private record Deferred(String title, String path) implements Step {
        @Override
        public boolean isDeferrable() {
            return true;
        }

        @Override
        public void apply(SetupContext context) {
            context.init().files().open(path, OpenFlag.PATH).close();
        }
    }

    @Test
    void namesTheEarlierStepWhoseDeferredCallFailed() {
        try (Fd program = ChildProgram.sealed()) {
            ChildProgram.Spawned child = ChildProgram.spawn(program, "init");
            SetupContext real = SetupContexts.of(child.kernel());
            Plan.Recipe recipe = new Plan.Recipe();
            recipe.add(Phase.MOUNTS, new Deferred("first", "/"));
            recipe.add(Phase.MOUNTS, new Deferred("second", "/no/such"));
            recipe.add(Phase.PIVOT, new Deferred("third", "/"));
            recipe.add(Phase.EXEC, new Named("never", taken));

            Failure failure = assertThrows(Failure.class, () -> recipe.build().play(real, NONE));

            assertEquals("second: openat /no/such: ENOENT", failure.getMessage());
            assertEquals(List.of(), taken);
            child.kernel().close();
        }
    }

    @Test
    void namesTheStepThatIsMissing() {
        IllegalStateException missing =
                assertThrows(IllegalStateException.class, () -> context.program().executable());

        assertEquals(
                "the program's path is missing: FindProgram must come before",
                missing.getMessage());
    }

    @Test
    void setsASlotOnce() {
        context.program().setHome("/root");

        assertThrows(IllegalStateException.class, () -> context.program().setHome("/home"));
        assertEquals("/root", context.program().home());
    }
}
