// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.lifecycle;

import static io.jrunc.it.harness.Feature.CGROUP_V1;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.guard.CountedMain;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.GuardedJava;
import io.jrunc.it.harness.OneShot;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The frequent commands cost no more than {@code budget.properties} allows, counted instead of
 * timed: classes loaded, system calls, round trips, and threads alive at the end. A commit that
 * raises a number changes that file, and says why.
 */
@Requires({ROOT, JRUNC, CGROUP_V1})
@OneShot("the calls and classes of one JVM are counted")
class BudgetIT {
    private static final Pattern RELEASE = Pattern.compile("(?m)^JAVA_VERSION=\"(\\d+)");

    private final Properties budget = new Properties();
    private final List<String> overspent = new ArrayList<>();
    private Path home;
    private Path report;
    private String release;

    /** An installation that records the classes which its commands load. */
    @BeforeEach
    void install() throws IOException {
        try (InputStream in = BudgetIT.class.getResourceAsStream("/budget.properties")) {
            budget.load(in);
        }
        home = Sandbox.current().freshDirectory("recorder");
        Path program = Path.of(Program.path());
        Path original = program.getParent().getParent();
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("lib"));
        Files.copy(program, home.resolve("bin/jrunc"));
        home.resolve("bin/jrunc").toFile().setExecutable(true);
        List<String> words = new ArrayList<>();
        for (String word : Files.readAllLines(original.resolve("lib/jrunc.conf"))) {
            words.add(word.replace("@HOME@", original.toString()));
            if (word.equals("-Xlog:disable")) {
                words.add("-Xlog:class+load:file=" + home + "/classes");
            }
        }
        Files.write(home.resolve("lib/jrunc.conf"), words);
        Path jdk = Path.of(words.get(0)).getParent().getParent();
        Matcher version = RELEASE.matcher(Files.readString(jdk.resolve("release")));
        release = version.find() ? version.group(1) : "unknown";
    }

    private Result command(String... arguments) {
        List<String> all = List.of(arguments);
        Result result = Sandbox.current().program(home.resolve("bin/jrunc").toString(), all).run();
        assertEquals(0, result.status(), result::describe);
        return result;
    }

    private static String bundle() {
        return Bundle.busybox().args("sleep", "60").write().directory().toString();
    }

    @Test
    void frequentCommandsLoadNoMoreClassesThanTheyMay() {
        String id = Sandbox.current().freshId();

        spend("create", "create", "--bundle", bundle(), id);
        spend("state", "state", id);
        spend("start", "start", id);
        spend("exec", "exec", id, "true");
        spend("kill", "kill", id, "KILL");
        spend("delete", "delete", id);
        spend("run", "run", "--detach", "--bundle", bundle(), Sandbox.current().freshId());
        spend("list", "list");

        assertEquals(List.of(), overspent);
    }

    private void spend(String name, String... arguments) {
        command(arguments);
        try (Stream<String> lines = Files.lines(home.resolve("classes"))) {
            compare(name + ".classes." + release, lines.count());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void frequentCommandsCallWaitAndKeepThreadsNoMoreThanTheyMay() throws IOException {
        report = Sandbox.current().freshFile("report");
        Files.write(
                home.resolve("lib/jrunc.conf"),
                GuardedJava.command(CountedMain.class, List.of(report.toString())));
        String id = Sandbox.current().freshId();

        count("create", "create", "--bundle", bundle(), id);
        count("state", "state", id);
        count("start", "start", id);
        count("exec", "exec", id, "true");
        count("kill", "kill", id, "KILL");
        count("delete", "delete", id);
        count("run", "run", "--detach", "--bundle", bundle(), Sandbox.current().freshId());
        count("list", "list");
        String mapped =
                Bundle.busybox()
                        .userNamespace(100_000, 65_536)
                        .args("sleep", "60")
                        .write()
                        .directory()
                        .toString();
        count("run.userns", "run", "--detach", "--bundle", mapped, Sandbox.current().freshId());

        assertEquals(List.of(), overspent);
    }

    @Test
    void eachFurtherContainerCostsAListFewCalls() throws IOException {
        report = Sandbox.current().freshFile("report");
        Files.write(
                home.resolve("lib/jrunc.conf"),
                GuardedJava.command(CountedMain.class, List.of(report.toString())));
        ManyContainers few = ManyContainers.copied(10);
        ManyContainers more = ManyContainers.copied(60);

        command("--root", few.root(), "list");
        long callsForFew = calls();
        command("--root", more.root(), "list");

        compare("list.calls.each", (calls() - callsForFew) / 50);
        assertEquals(List.of(), overspent);
    }

    private long calls() throws IOException {
        return Long.parseLong(counted().getProperty("calls"));
    }

    /** Takes the report of the last command. */
    private Properties counted() throws IOException {
        Properties counted = new Properties();
        try (InputStream in = Files.newInputStream(report)) {
            counted.load(in);
        }
        Files.delete(report);
        return counted;
    }

    private void count(String name, String... arguments) throws IOException {
        command(arguments);
        assertTrue(Files.exists(report), name + " did not end by exit_group, at once");
        Properties counted = counted();
        compare(name + ".calls", Long.parseLong(counted.getProperty("calls")));
        compare(name + ".roundtrips", Long.parseLong(counted.getProperty("roundtrips")));
        List<String> threads = new ArrayList<>(List.of(counted.getProperty("threads").split(", ")));
        threads.removeAll(List.of(budget.getProperty(name + ".threads", "").split(", ")));
        if (!threads.isEmpty()) {
            overspent.add(name + " ends while these threads are alive: " + threads);
        }
    }

    private void compare(String key, long spent) {
        String allowed = budget.getProperty(key);
        if (allowed == null || spent > Long.parseLong(allowed)) {
            overspent.add(key + " is " + spent + ", budget.properties allows " + allowed);
        }
    }
}
