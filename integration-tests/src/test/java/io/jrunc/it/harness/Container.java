// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A container under the name of one test; its commands. */
public final class Container {
    private static final long PATIENCE_MILLIS = 10_000;
    private static final List<String> FLAGS =
            List.of("--detach", "--tty", "--no-new-privs", "--ignore-paused");

    private final Sandbox sandbox;
    private final Bundle bundle;
    private final String id;
    private Result create;

    Container(Sandbox sandbox, Bundle bundle, String id) {
        this.sandbox = sandbox;
        this.bundle = bundle;
        this.id = id;
    }

    public String id() {
        return id;
    }

    /** Creates it; if that fails nothing of it may remain. */
    public Result create(String... flags) {
        create = bundle.invoke(with("create", flags)).run();
        if (create.status() != 0) {
            assertFalse(sandbox.knows(id), create::describe);
        }
        return create;
    }

    /** Runs it in the background. */
    public Result runDetached(String... flags) {
        List<String> arguments = with("run", flags);
        arguments.add(1, "--detach");
        create = bundle.invoke(arguments).run();
        return create;
    }

    /** Runs it in the foreground, and returns while it runs. */
    public Invocation.Running runInForeground(String... flags) {
        return bundle.invoke(with("run", flags)).start();
    }

    public Result start() {
        return sandbox.runtime("start", id).run();
    }

    public Result kill(String... signal) {
        List<String> arguments = new ArrayList<>(List.of("kill", id));
        arguments.addAll(List.of(signal));
        return sandbox.runtime(arguments).run();
    }

    public Result delete(String... flags) {
        return sandbox.runtime(with("delete", flags)).run();
    }

    public Result update(String... flags) {
        return sandbox.runtime(with("update", flags)).run();
    }

    public Result pause() {
        return sandbox.runtime("pause", id).run();
    }

    public Result resume() {
        return sandbox.runtime("resume", id).run();
    }

    public Result ps(String... flags) {
        return sandbox.runtime(with("ps", flags)).run();
    }

    public Result state() {
        return sandbox.runtime("state", id).run();
    }

    public JsonNode stateDocument() {
        return Json.parse(state().output());
    }

    public String status() {
        return stateDocument().get("status").asText();
    }

    /** The pid of its init on this host. */
    public long pid() {
        return stateDocument().get("pid").asLong();
    }

    /** Waits for it to end; its pid is known beforehand. */
    public Container awaitEnd() {
        boolean ended = Host.becomes(PATIENCE_MILLIS, () -> status().equals("stopped"));
        assertTrue(ended, () -> "still " + status() + ": " + create.describe());
        return this;
    }

    /** Waits until the container has printed the text. */
    public Container awaitOutput(String text) {
        boolean printed = Host.becomes(PATIENCE_MILLIS, () -> create.stdout().contains(text));
        assertTrue(printed, () -> "never printed " + text + ": " + create.describe());
        return this;
    }

    /** What the container has printed until now. */
    public String output() {
        assertEquals(0, create.status(), create::describe);
        return create.stdout();
    }

    private List<String> with(String command, String... flags) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of(flags));
        arguments.add(id);
        return arguments;
    }

    /** Runs a further process, to its end; options may come before the program. */
    public Result exec(String... words) {
        return execution(words).run();
    }

    /** The same, about to be run. */
    public Invocation execution(String... words) {
        List<String> arguments = new ArrayList<>(List.of("exec"));
        int options = 0;
        while (options < words.length && words[options].startsWith("-")) {
            boolean flag = FLAGS.contains(words[options]);
            arguments.add(words[options++]);
            if (!flag) {
                arguments.add(words[options++]);
            }
        }
        arguments.add(id);
        arguments.addAll(List.of(words).subList(options, words.length));
        return sandbox.runtime(arguments);
    }
}
