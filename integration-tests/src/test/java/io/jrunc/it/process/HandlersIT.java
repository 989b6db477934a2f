// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.process;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.WASMEDGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Busybox;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.JavaWorkload;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.WasmEdge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that a program of the host executes. Source: crun(1), docs/handlers.md. */
@Requires({ROOT, JRUNC})
class HandlersIT {
    private static final String HANDLER = "run.oci.handler";
    private static final String VARIANT = "module.wasm.image/variant";

    @ParameterizedTest
    @Requires(WASMEDGE)
    @CsvSource({
        HANDLER + ", wasm",
        HANDLER + ", wasm-smart",
        VARIANT + ", compat",
        VARIANT + ", compat-smart"
    })
    void webAssemblyRuns(String annotation, String value) throws IOException {
        var bundle = wasm(annotation, value).args("/hello.wasm", "x");
        bundle.json("/process/env", "[\"A=b\", \"C=d\", \"E=f\"]");

        Result run = run(WasmEdge.table(), bundle);

        // Two arguments, and three variables; HOME is the runtime's own and not passed on.
        assertEquals(23, run.status(), run::describe);
        assertEquals("hello from wasm\n", run.stdout());
    }

    @Test
    @Requires(WASMEDGE)
    void webAssemblyRunsInAUserNamespaceAsAnotherUser() throws IOException {
        var bundle = wasm(HANDLER, "wasm").args("/hello.wasm").userNamespace(100000, 65536);
        bundle.directory("/run/jrunc-handler").user(7, 8).json("/process/env", "[]");

        Result run = run(WasmEdge.table(), bundle);

        assertEquals(10, run.status(), run::describe);
    }

    @Test
    @Requires(WASMEDGE)
    void createdContainerIsStartedLater() throws IOException {
        var bundle = wasm(HANDLER, "wasm");
        Container container = bundle.args("/hello.wasm").container();
        bundle.write();
        Result create = handled(WasmEdge.table(), bundle, "create", container.id());
        assertEquals(0, create.status(), create::describe);

        container.start().output();

        container.awaitEnd();
        assertEquals("hello from wasm\n", create.stdout());
    }

    @ParameterizedTest
    @Requires(WASMEDGE)
    @ValueSource(strings = {"wasm-smart"})
    void smartHandlerLeavesOtherProgramsAlone(String value) throws IOException {
        var bundle = wasm(HANDLER, value).args("echo", "plain");

        assertEquals("plain", run(WasmEdge.table(), bundle).output());
    }

    @Test
    @Requires(WASMEDGE)
    void smartHandlerLooksAtTheFirstBytes() throws IOException {
        var bundle = wasm(HANDLER, "wasm-smart").bytes("/module", WasmEdge.hello(), "rw-r--r--");

        assertEquals(
                "hello from wasm", run(WasmEdge.table(), bundle.args("/module")).stdout().strip());
    }

    @Test
    void javaArchiveRunsWithoutJavaInTheImage() throws IOException {
        var bundle = java().args("/app.jar");

        Result run = run(List.of(), bundle);

        assertEquals(0, run.status(), run::describe);
        assertEquals(JavaWorkload.DONE + "\n", run.stdout());
    }

    @Test
    void javaArchiveRunsAsAnOrdinaryUserUnderTheStrictProfile() throws IOException {
        var bundle = java().args("/app.jar").user(1000, 1000);
        bundle.seccomp(io.jrunc.seccomp.profile.BundledProfile.DEFAULT);

        assertEquals(JavaWorkload.DONE, run(List.of(), bundle).output());
    }

    @Test
    void execRunsAnArchiveAndWhatIsNone() throws IOException {
        var bundle = java().args("/app.jar");
        bundle.json("/annotations", "{\"" + HANDLER + "\": \"java-smart\"}");
        Container container = bundle.args("/app.jar").container();
        bundle.write();
        handled(List.of(), bundle, "create", container.id()).output();

        assertEquals(JavaWorkload.DONE, container.exec("/app.jar").output());
        assertEquals("plain", container.exec("echo", "plain").output());
    }

    /** CVE-2019-5736: it is the host's file, and the container's process is root. */
    @Test
    @Escape("handler-program")
    void programOfTheHostCannotBeWrittenTo() throws IOException {
        Path busybox = Sandbox.current().freshDirectory("host").resolve("sh");
        Files.copy(Busybox.path(), busybox);
        List<String> table = table(entry("shell", busybox));
        var bundle = Bundle.busybox().capabilities("CAP_SYS_ADMIN", "CAP_DAC_OVERRIDE");
        bundle.writable()
                .file(
                        "/script",
                        "(sleep 1; echo x > /proc/1/exe) & cat /proc/1/exe >/dev/null; wait");
        bundle.json("/annotations", "{\"" + HANDLER + "\": \"shell\"}").args("/script");
        byte[] before = Files.readAllBytes(busybox);

        Result run = run(table, bundle);

        assertTrue(run.stderr().contains("Read-only file system"), run::describe);
        assertEquals(before.length, Files.size(busybox));
    }

    @Test
    void staticProgramNeedsNoLibraries() throws IOException {
        List<String> table =
                table(entry("shell", Busybox.path()).set("args", Json.of(List.of("sh"))));
        var bundle = Bundle.busybox().file("/script", "echo \"$0 $1\"; ls /run/jrunc-handler");
        bundle.json("/annotations", "{\"" + HANDLER + "\": \"shell\"}").args("/script", "a");

        assertEquals(List.of("/script a", "bin"), run(table, bundle).lines());
    }

    @Test
    void unknownHandlerIsRefused() throws IOException {
        var bundle = Bundle.busybox().args("true");
        bundle.json("/annotations", "{\"" + HANDLER + "\": \"nosuch\"}");

        run(List.of(), bundle).failsWith("nosuch.* names no handler of this host", "java, wasm");
    }

    @Test
    void missingProgramIsNamed() throws IOException {
        List<String> table = table(entry("lost", Path.of("/no/such/program")));
        var bundle = Bundle.busybox().args("/x");
        bundle.json("/annotations", "{\"" + HANDLER + "\": \"lost\"}");

        run(table, bundle).failsWith("handler lost of .*lost.json", "/no/such/program: ENOENT");
    }

    @ParameterizedTest
    @CsvSource({"rwxrwxrwx, rw-r--r--", "rwxr-xr-x, rw-rw-r--"})
    void tableThatOthersMayChangeIsRefused(String directory, String file) throws IOException {
        List<String> table = table(entry("shell", Busybox.path()));
        Path path = Path.of(table.get(1));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(directory));
        Files.setPosixFilePermissions(
                path.resolve("shell.json"), PosixFilePermissions.fromString(file));
        var bundle = Bundle.busybox().args("true");
        bundle.json("/annotations", "{\"" + HANDLER + "\": \"shell\"}");

        run(table, bundle).failsWith("is writable by others");
    }

    @Test
    void tableOfAnotherUserIsRefused() throws IOException {
        List<String> table = table(entry("shell", Busybox.path()));
        Files.setAttribute(Path.of(table.get(1)).resolve("shell.json"), "unix:uid", 1000);
        var bundle = Bundle.busybox().args("true");
        bundle.json("/annotations", "{\"" + HANDLER + "\": \"shell\"}");

        run(table, bundle).failsWith("does not belong to root");
    }

    @Test
    void tableIsNotReadWithoutAnAnnotation() throws IOException {
        List<String> table = table(entry("shell", Busybox.path()));
        Path path = Path.of(table.get(1));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
        var bundle = Bundle.busybox().args("echo", "ran");
        bundle.json("/annotations", "{\"other\": \"shell\"}");

        assertEquals("ran", run(table, bundle).output());
    }

    @Test
    void explainShowsWhatAHandlerAdds() throws IOException {
        var bundle = java().args("/app.jar").write();

        String text = handled(List.of(), bundle, "explain").output();

        assertTrue(text.contains("open the host's "), text);
        assertTrue(text.contains(" at /run/jrunc-handler/lib/"), text);
        assertFalse(text.contains("find the program"), text);
    }

    private static Bundle wasm(String annotation, String value) throws IOException {
        var bundle = Bundle.busybox().bytes("/hello.wasm", WasmEdge.hello(), "rw-r--r--");
        bundle.json("/annotations", "{\"" + annotation + "\": \"" + value + "\"}");
        return bundle;
    }

    private static Bundle java() throws IOException {
        var bundle = Bundle.busybox().bytes("/app.jar", JavaWorkload.archive(), "rw-r--r--");
        bundle.json("/annotations", "{\"" + HANDLER + "\": \"java\"}");
        return bundle;
    }

    private static ObjectNode entry(String name, Path program) {
        return Json.MAPPER.createObjectNode().put("name", name).put("program", program.toString());
    }

    private static List<String> table(com.fasterxml.jackson.databind.JsonNode entry)
            throws IOException {
        Path directory = Sandbox.current().freshDirectory("handlers");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path file = directory.resolve(entry.get("name").asText() + ".json");
        Files.writeString(file, entry.toString());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return List.of("--handlers", directory.toString());
    }

    private static Result run(List<String> table, Bundle bundle) throws IOException {
        bundle.write();
        return handled(table, bundle, "run", Sandbox.current().freshId());
    }

    private static Result handled(List<String> table, Bundle bundle, String... words)
            throws IOException {
        List<String> all = new ArrayList<>(table);
        all.addAll(List.of(words));
        return Sandbox.current().runtime(all).in(bundle.directory()).run();
    }
}
