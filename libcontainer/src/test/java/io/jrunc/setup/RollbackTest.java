// SPDX-License-Identifier: Apache-2.0
package io.jrunc.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.testkit.RecordingKernel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The stack of what must be taken back. */
class RollbackTest {
    private final List<String> done = new ArrayList<>();
    private final Rollback rollback = new Rollback();

    /** An action that writes down what becomes of it. */
    private record Written(String name, List<String> done) implements Rollback.Action {
        @Override
        public void undo() {
            done.add("undo " + name);
        }

        @Override
        public void submit(Kernel survivor) {
            survivor.directories().rmdir(survivor.files().here(), name).submit();
        }

        @Override
        public void keep() {
            done.add("keep " + name);
        }
    }

    @Test
    void undoesTheLastActionFirst() {
        rollback.push(new Written("first", done));
        rollback.push(new Written("second", done));
        RuntimeException cause = new RuntimeException();

        assertSame(cause, rollback.undo(cause));

        assertEquals(List.of("undo second", "undo first"), done);
    }

    @Test
    void goesOnAfterAnActionThatFails() {
        rollback.push(new Written("first", done));
        rollback.push(
                () -> {
                    Failure failure = Failure.invalid("a", "b");
                    failure.addSuppressed(Failure.invalid("c", "d"));
                    throw failure;
                });

        RuntimeException cause = rollback.undo(new RuntimeException());

        assertEquals(List.of("undo first"), done);
        assertEquals(2, cause.getSuppressed().length);
    }

    @Test
    void undoesNothingTwice() {
        rollback.push(new Written("only", done));

        rollback.undo(new RuntimeException());
        rollback.undo(new RuntimeException());

        assertEquals(List.of("undo only"), done);
    }

    @Test
    void undoesNothingThatIsKept() {
        rollback.push(new Written("only", done));

        rollback.keep();
        rollback.undo(new RuntimeException());

        assertEquals(List.of("keep only"), done);
    }

    @Test
    void submitsTheCallsOfAllActionsForTheSurvivor() {
        RecordingKernel survivor = new RecordingKernel();
        rollback.push(new Written("first", done));
        rollback.push(() -> done.add("not a plain call"));
        rollback.push(new Written("second", done));

        rollback.submit(survivor);

        assertEquals(2, survivor.calls("unlinkat").size());
        assertEquals(true, survivor.calls().get(0).contains("second"), survivor.calls()::toString);
        assertEquals(List.of(), done);
    }
}
