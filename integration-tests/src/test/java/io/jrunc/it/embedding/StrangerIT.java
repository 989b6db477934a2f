// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.embedding;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A program that knows nothing but the API, as a module and on the class path. */
@Requires({ROOT, JRUNC})
class StrangerIT {
    private static final int JDK_24 = 24;

    /** What {@code io.jrunc:sandbox} brings with it, by the beginnings of the files' names. */
    private static final List<String> LIBRARIES =
            List.of(
                    "native-bindings",
                    "seccomp-profiles",
                    "libcontainer",
                    "sandbox",
                    "jnr-",
                    "jffi-",
                    "asm-",
                    "jackson-core",
                    "protobuf-java",
                    "dbus-java",
                    "slf4j-api");

    private static final String MODULE =
            """
            module stranger {
                requires io.jrunc.sandbox;
                requires io.jrunc.container;
            }
            """;

    private static final String PROGRAM =
            """
            package stranger;

            import io.jrunc.container.Container;
            import io.jrunc.container.Containers;
            import io.jrunc.container.model.Bundle;
            import io.jrunc.container.model.Streams;
            import io.jrunc.linux.Failure;
            import io.jrunc.sandbox.Result;
            import io.jrunc.sandbox.Sandboxes;
            import io.jrunc.spec.Resources;
            import io.jrunc.spec.Spec;
            import java.io.OutputStream;
            import java.nio.file.Path;
            import java.util.List;

            public final class Main {
                public static void main(String[] args) throws Exception {
                    Path bundle = Path.of(args[1]);
                    try (Sandboxes boxes = Sandboxes.open(Path.of(args[0]))) {
                        Result result = boxes.sandbox().bundle(bundle).run("echo", "hello");
                        System.out.print(result.cause() + " " + result.stdout());
                    }
                    Containers containers = Containers.at(Path.of(args[2]));
                    Spec spec =
                            new Spec.Builder(Bundle.at(bundle).spec())
                                    .args(List.of("sh", "-c", "cat; exit 5"))
                                    .resources(new Resources.Builder().pids(20).build())
                                    .build();
                    try (Streams pipes = Streams.pipes();
                            Container one =
                                    containers.create("stranger", Bundle.of(bundle, spec), pipes)) {
                        one.start();
                        try (OutputStream in = pipes.stdin()) {
                            in.write("typed ".getBytes());
                        }
                        String read = new String(pipes.stdout().readAllBytes());
                        System.out.println(read + one.awaitExit().code());
                    }
                    try {
                        containers.load("absent");
                    } catch (Failure f) {
                        System.out.println(f.code());
                    }
                }
            }
            """;

    private static final String READER =
            """
            package stranger;

            import io.jrunc.container.*;
            import io.jrunc.container.model.*;
            import io.jrunc.sandbox.*;
            import io.jrunc.spec.*;
            import java.io.OutputStream;
            import java.nio.file.Path;
            import java.time.Duration;
            import java.util.List;
            import java.util.concurrent.Flow;

            abstract class Main {
                Path workspace;
                Path bundle;
                String code;
                String command;
                OutputStream out;
                Flow.Subscriber<ContainerEvents.Event> subscriber;

                abstract void show(int exitCode, String output, String errors);

                abstract void complain(Cause cause);

                abstract void report(Result result);

                void sandboxes() throws Exception {
            %s
                }

                void containers() throws Exception {
            %s
                }
            }
            """;

    private Path sources;
    private Path classes;
    private List<String> arguments;

    @BeforeEach
    void prepare() throws IOException {
        sources = Sandbox.current().freshDirectory("sources");
        classes = Sandbox.current().freshDirectory("classes");
        Bundle bundle = Bundle.busybox();
        bundle.set("/linux/cgroupsPath", "/" + Sandbox.current().freshId());
        arguments =
                List.of(
                        Sandbox.current().freshDirectory("boxes").toString(),
                        bundle.write().directory().toString(),
                        Sandbox.current().freshDirectory("containers").toString());
    }

    private static String libraries() {
        String all =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .filter(StrangerIT::isLibrary)
                        .collect(Collectors.joining(File.pathSeparator));
        assertTrue(all.contains("sandbox"), all);
        return all;
    }

    /** In a build without packages, the classes of our own libraries are in directories. */
    private static boolean isLibrary(String entry) {
        Path path = Path.of(entry);
        Path named = path.endsWith("target/classes") ? path.getParent().getParent() : path;
        String name = named.getFileName() + "-";
        return LIBRARIES.stream().anyMatch(name::startsWith);
    }

    /** Returns what the compiler says, with 0 in front if it accepts the program. */
    private String compiled(String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of(options));
        words.addAll(List.of("-Xlint:all", "-Werror", "-d", classes.toString()));
        try (var files = Files.walk(sources)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> words.add(file.toString()));
        }
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said, true);
        ToolProvider compiler = ToolProvider.findFirst("javac").orElseThrow();
        return compiler.run(out, out, words.toArray(String[]::new)) + " " + said;
    }

    /** Without this JVM's own class path, which is the compiler's if it is given none. */
    private String compiledAsModule() throws IOException {
        return compiled("-p", libraries(), "-cp", classes.toString());
    }

    private void write(String name, String text) throws IOException {
        Path file = sources.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Result java(String... options) {
        List<String> words = new ArrayList<>();
        words.add(System.getProperty("java.home") + "/bin/java");
        words.addAll(List.of(options));
        words.addAll(arguments);
        return Sandbox.current().command(words).run();
    }

    private static void assertDone(Result result) {
        assertEquals(0, result.status(), result::describe);
        assertEquals("EXIT hello\ntyped 5\nNOT_FOUND\n", result.stdout(), result::describe);
    }

    /** All that is printed is what the JDK says about libraries with native code, from 24 on. */
    private static void assertNoNoise(Result result) {
        if (Runtime.version().feature() < JDK_24) {
            assertEquals("", result.stderr(), result::describe);
        }
        for (String line : result.stderr().lines().toList()) {
            assertTrue(line.isEmpty() || line.startsWith("WARNING: "), result::describe);
        }
    }

    @Test
    void programOnTheClassPathNeedsNoOption() throws IOException {
        write("stranger/Main.java", PROGRAM);
        assertEquals("0 ", compiled("-cp", libraries()));

        Result result = java("-cp", libraries() + File.pathSeparator + classes, "stranger.Main");

        assertDone(result);
        assertNoNoise(result);
    }

    private Result modularProgram(String... options) throws IOException {
        write("module-info.java", MODULE);
        write("stranger/Main.java", PROGRAM);
        assertEquals("0 ", compiledAsModule());
        List<String> words = new ArrayList<>(List.of(options));
        words.addAll(List.of("-p", libraries() + File.pathSeparator + classes));
        words.addAll(List.of("-m", "stranger/stranger.Main"));
        return java(words.toArray(new String[0]));
    }

    @Test
    void modularProgramNeedsNoOption() throws IOException {
        Result result = modularProgram();

        assertDone(result);
        assertNoNoise(result);
    }

    /** The option that docs/embedding.md names. */
    @Test
    void optionSilencesTheJdk() throws IOException {
        Result result = modularProgram("--enable-native-access=org.jnrproject.jffi");

        assertDone(result);
        assertEquals("", result.stderr(), result::describe);
    }

    /** What a reader of the page writes around its excerpts. */
    @Test
    void excerptsOfThePageCompile() throws IOException {
        String page = Files.readString(Path.of("../docs/embedding.md"));
        List<String> excerpts =
                Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                        .matcher(page)
                        .results()
                        .map(found -> found.group(1))
                        .toList();
        assertEquals(2, excerpts.size(), page);
        write("module-info.java", MODULE);
        write("stranger/Main.java", READER.formatted(excerpts.get(0), excerpts.get(1)));

        assertEquals("0 ", compiledAsModule());
    }

    @Test
    void whatIsNotExportedCannotBeUsed() throws IOException {
        for (String type :
                List.of(
                        "io.jrunc.cgroup.CgroupSetup",
                        "io.jrunc.operation.CreateOperation",
                        "io.jrunc.linux.local.LocalKernel",
                        "io.jrunc.linux.child.ChildKernel")) {
            write("module-info.java", MODULE);
            write("stranger/Main.java", "package stranger;\nclass Main { " + type + " one; }\n");

            String said = compiledAsModule();

            assertNotEquals("0 ", said, type);
            assertTrue(said.contains("is not visible"), () -> type + ": " + said);
        }
    }
}
