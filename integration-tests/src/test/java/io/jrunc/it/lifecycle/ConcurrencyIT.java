// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.lifecycle;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Sentence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Many commands at a time, on one container and on many. */
@Requires({ROOT, JRUNC})
class ConcurrencyIT {
    private static final int MANY = 200;
    private static final int AT_ONCE = 4;

    private Sandbox sandbox;

    @BeforeEach
    void enterTheSandbox() {
        sandbox = Sandbox.current();
    }

    private static List<Result> await(List<Invocation.Running> all) {
        return all.stream().map(Invocation.Running::await).toList();
    }

    private Invocation.Running runDetached(Bundle bundle, String id) {
        return sandbox.runtime("run", "--detach", id).in(bundle.directory()).start();
    }

    /** Success, or a sentence that says what came in between. */
    private static void assertExcused(List<Result> results) {
        for (Result result : results) {
            boolean killed = result.status() == 128 + 9; // an exec whose container was
            if (result.status() == 0 || killed) {
                continue;
            }
            assertTrue(Sentence.isClean(result.stderr()), result::describe);
        }
    }

    @Test
    void oneOfEightSimultaneousCreatesWins() {
        var bundle = Bundle.busybox().args("sleep", "600").write();
        String id = sandbox.freshId();
        List<Invocation.Running> creations = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            creations.add(sandbox.runtime("create", id).in(bundle.directory()).start());
        }

        List<Result> results = await(creations);

        assertEquals(1, results.stream().filter(result -> result.status() == 0).count());
        results.stream()
                .filter(result -> result.status() != 0)
                .forEach(result -> result.failsWith("container with given ID already exists"));
        assertEquals(id, sandbox.runtime("list", "-q").run().output());
    }

    @RepeatedTest(5)
    void everyCommandAtOnceOnOneContainerEndsCleanly() {
        Container container = Bundle.busybox().create("sleep", "600");
        String id = container.id();
        List<Invocation.Running> commands = new ArrayList<>();
        for (String[] command :
                new String[][] {
                    {"start", id},
                    {"start", id},
                    {"exec", id, "true"},
                    {"exec", id, "sleep", "600"},
                    {"state", id},
                    {"kill", id, "TERM"},
                    {"kill", id, "KILL"},
                    {"delete", id},
                    {"exec", id, "true"},
                    {"delete", "--force", id},
                    {"delete", "--force", id},
                    {"state", id},
                }) {
            commands.add(sandbox.runtime(command).start());
        }

        assertExcused(await(commands));

        assertEquals("", sandbox.runtime("delete", "--force", id).run().output());
        assertTrue(Host.becomes(5000, () -> sandbox.remains().isEmpty()));
    }

    @Test
    void listNeverFailsWhileContainersComeAndGo() {
        var bundle = Bundle.busybox().args("sleep", "600").write();
        for (int round = 0; round < 3; round++) {
            List<Invocation.Running> changes = new ArrayList<>();
            List<Invocation.Running> lists = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                changes.add(runDetached(bundle, sandbox.freshId()));
                lists.add(sandbox.runtime("list").start());
            }
            await(changes).forEach(Result::output);
            changes.clear();
            for (String id : sandbox.runtime("list", "-q").run().lines()) {
                changes.add(sandbox.runtime("delete", "--force", id).start());
                lists.add(sandbox.runtime("list", "--format", "json").start());
            }
            await(changes).forEach(Result::output);
            for (Result list : await(lists)) {
                boolean before = list.stderr().contains("no such directory");
                assertTrue(before || list.status() == 0, list::describe);
                assertTrue(before || list.stderr().isEmpty(), list::describe);
            }
        }
    }

    @Test
    void twoHundredContainersRunAtOnce() {
        var bundle = Bundle.busybox().args("sleep", "600").write();
        Set<String> ids = new TreeSet<>();
        Deque<Invocation.Running> creations = new ArrayDeque<>();
        for (int i = 0; i < MANY; i++) {
            String id = sandbox.freshId();
            ids.add(id);
            creations.add(runDetached(bundle, id));
            if (creations.size() == AT_ONCE) {
                creations.remove().await().output();
            }
        }
        await(List.copyOf(creations)).forEach(Result::output);

        List<String> list = sandbox.runtime("list").run().lines();
        assertEquals(MANY + 1, list.size());
        long running = list.stream().filter(line -> line.contains(" running ")).count();
        assertEquals(MANY, running);
        assertEquals(
                List.copyOf(ids),
                sandbox.runtime("list", "-q").run().lines().stream().sorted().toList());

        sandbox.runtime("delete", "--force", "--all").run().output();

        assertTrue(Host.becomes(5000, () -> sandbox.remains().isEmpty()));
    }

    /** {@code ContainerId}: 255 bytes name a directory, and a cgroup. */
    @Test
    void longestIdWithEveryLegalCharacterLivesAndDies() {
        StringBuilder id = new StringBuilder(sandbox.token());
        for (char c = '0'; c <= 'z'; c++) {
            if (Character.isLetterOrDigit(c)) {
                id.append(c);
            }
        }
        id.append("_+-.").append("x".repeat(255 - id.length()));
        var bundle = Bundle.busybox().args("sleep", "600").write();

        bundle.invoke("create", id.toString()).run().output();
        sandbox.runtime("start", id.toString()).run().output();
        assertEquals(id.toString(), sandbox.runtime("list", "-q").run().output());
        assertEquals(0, sandbox.runtime("exec", id.toString(), "true").run().status());
        sandbox.runtime("delete", "--force", id.toString()).run().output();

        assertFalse(sandbox.knows(id.toString()));
        bundle.invoke("create", id + "x").run().failsWith("invalid container ID format");
    }
}
