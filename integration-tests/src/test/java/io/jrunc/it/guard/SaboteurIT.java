// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.guard;

import static io.jrunc.it.harness.Feature.JRUNC;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.container.JvmSpawner;
import io.jrunc.it.harness.Requires;
import io.jrunc.linux.Arg;
import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Operation;
import io.jrunc.setup.SetupContext.Spawned;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The calls that are put in the place of others fail as they are said to. */
@Requires(JRUNC)
class SaboteurIT {
    private record Numbered(int number) implements Operation {
        @Override
        public String manualName() {
            return "system call " + number;
        }
    }

    static Set<Errno> errnos() {
        return Saboteur.FAILING.keySet();
    }

    @ParameterizedTest
    @MethodSource("errnos")
    void callFailsInAChild(Errno errno) {
        long[] words = Saboteur.FAILING.get(errno);
        Arg[] arguments =
                Arrays.stream(words).skip(1).mapToObj(word -> Arg.of(word)).toArray(Arg[]::new);
        try (JvmSpawner spawner = new JvmSpawner()) {
            Spawned child = spawner.spawn("child", 0);

            Call call = new Call(child.kernel(), new Numbered((int) words[0]), "", arguments);
            long result = call.tolerateAll().submit().result();

            assertEquals(errno, Errno.of((int) -result));
            child.kernel().close();
            spawner.reap(child.pid());
        }
    }
}
