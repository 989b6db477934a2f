// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.cgroup.file.OomWatch;
import io.jrunc.linux.Fd;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.testkit.FakeCgroup;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On v2, whose events are a file that changes; v1 has its test on real cgroups. */
class MemoryCgroupTest {
    private static final String EVENTS = "memory.events";

    private final LocalKernel kernel = LocalKernel.get();
    @TempDir Path directory;

    private FakeCgroup events(int max, int kills) {
        String text = "low 0\nhigh 0\nmax %d\noom %d\noom_kill %d\noom_group_kill 0\n";
        return new FakeCgroup(directory).with(EVENTS, text.formatted(max, kills, kills));
    }

    private MemoryCgroup v2() {
        return MemoryCgroup.of(kernel, Map.of("", directory.toString())).orElseThrow();
    }

    @Test
    void withoutAControllerThereIsNone() {
        assertEquals(Optional.empty(), MemoryCgroup.of(kernel, Map.of("", directory.toString())));
        assertEquals(Optional.empty(), MemoryCgroup.of(kernel, Map.of()));
    }

    @Test
    void killsAreCounted() {
        events(5, 3);

        assertEquals(3, v2().oomKills());
        assertTrue(v2().isFull());
        events(0, 0);
        assertFalse(v2().isFull());
    }

    @Test
    void v1CountsElsewhere() {
        new FakeCgroup(directory)
                .with("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n")
                .with("memory.failcnt", "9\n");
        var memory = MemoryCgroup.of(kernel, Map.of("memory", directory.toString())).orElseThrow();

        assertEquals(2, memory.oomKills());
        assertTrue(memory.isFull());
    }

    @Test
    void onlyFurtherKillsAreReported() {
        events(5, 3);
        try (OomWatch watch = v2().watch();
                Fd epoll = kernel.events().epoll("test")) {
            kernel.events().awaitInput(epoll, watch.descriptor(), 7);
            assertFalse(watch.hasHappened());

            events(6, 3); // the limit was reached, but no process was killed
            assertEquals(List.of(7L), kernel.events().await(epoll, -1));
            assertFalse(watch.hasHappened());
            assertEquals(List.of(), kernel.events().await(epoll, 0));

            events(7, 5);
            assertEquals(List.of(7L), kernel.events().await(epoll, -1));
            assertTrue(watch.hasHappened());
            assertFalse(watch.hasHappened());
        }
    }
}
