package io.jrunc.it;

import static io.jrunc.it.Feature.CGROUP_V1;
import static io.jrunc.it.Feature.JRUNC;
import static io.jrunc.it.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
 * What the frequent commands cost, counted instead of timed: classes loaded, and system calls of
 * run and exec, the container's side included. {@code budget.properties} has what they may cost; a
 * commit that raises a number changes that file, and says why.
 */
@Requires({ROOT, JRUNC, CGROUP_V1})
class BudgetIT {
    private static final Pattern CALL = Pattern.compile("msg=\"\\w+  \\w+\\(");
    private static final Pattern RELEASE = Pattern.compile("(?m)^JAVA_VERSION=\"(\\d+)");

    private final Properties budget = new Properties();
    private final List<String> overspent = new ArrayList<>();
    private Path home;
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
    void runAndExecMakeNoMoreCallsThanTheyMay() {
        String id = Sandbox.current().freshId();

        calls("run", "run", "--detach", "--bundle", bundle(), id);
        calls("exec", "exec", id, "true");

        assertEquals(List.of(), overspent);
    }

    private void calls(String name, String... arguments) {
        Path log = Sandbox.current().freshFile("log");
        List<String> all = new ArrayList<>(List.of("--debug", "--log", log.toString()));
        all.addAll(List.of(arguments));
        command(all.toArray(new String[0]));
        compare(name + ".calls", CALL.matcher(Result.text(log)).results().count());
    }

    private void compare(String key, long spent) {
        String allowed = budget.getProperty(key);
        if (allowed == null || spent > Long.parseLong(allowed)) {
            overspent.add(key + " is " + spent + ", budget.properties allows " + allowed);
        }
    }
}
