// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.rootless;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.OrdinaryUser;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Sentence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another user of the host attacks root's containers. */
@Requires({ROOT, JRUNC})
class HostileUserIT {
    private static final String[] OTHER_USER = OrdinaryUser.become();

    private static final String CONNECT =
            "IO::Socket::UNIX->new(Peer => $ARGV[0]) or die \"$!\\n\"";

    private Path root;

    @BeforeEach
    void nameRoot() {
        root = Sandbox.current().root();
    }

    @Test
    void allThatIsKeptIsTheOwnersAlone() throws IOException {
        Container container = Bundle.busybox().create("sleep", "60");

        Map<String, String> permissions = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                permissions.put(root.relativize(file).toString(), mode);
                assertEquals(0, Files.getAttribute(file, "unix:uid"));
            }
        }
        assertTrue(permissions.containsKey(container.id() + "/control.sock"), "" + permissions);
        permissions.forEach(
                (file, mode) -> assertTrue(mode.endsWith("------"), () -> file + " is " + mode));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state", "kill", "delete", "start", "pause", "ps", "events", "exec", "update"
            })
    void otherUsersCannotUseAContainer(String command) {
        Container container = Bundle.busybox().create("sleep", "60");

        Result result =
                Sandbox.current().runtime(command, container.id(), "true").under(OTHER_USER).run();

        assertNotEquals(0, result.status(), result::describe);
        assertTrue(Sentence.isClean(result.stderr().strip()), result::describe);
        assertEquals("created", container.status());
    }

    @Test
    void otherUsersCannotListContainers() {
        Container container = Bundle.busybox().create("sleep", "60");

        Result list = Sandbox.current().runtime("list").under(OTHER_USER).run();

        assertTrue(!list.stdout().contains(container.id()), list::describe);
    }

    /** The directories keep others out; the socket does it by itself as well. */
    @Test
    void otherUsersCannotContinueInitEvenInOpenDirectories() {
        Container container = Bundle.busybox().create("sleep", "60");
        Path directory = root.resolve(container.id());
        Path socket = directory.resolve("control.sock");
        for (Path open : List.of(Sandbox.current().directory(), root, directory)) {
            assertTrue(open.toFile().setReadable(true, false));
            assertTrue(open.toFile().setExecutable(true, false));
        }

        Result connect = nobody("perl", "-MIO::Socket::UNIX", "-e", CONNECT, socket.toString());

        assertNotEquals(0, connect.status(), connect::describe);
        assertTrue(connect.stderr().contains("Permission denied"), connect::describe);
        for (String file : List.of("state.json", "config.json", "start.batch")) {
            Result read = nobody("cat", directory.resolve(file).toString());
            assertTrue(read.stderr().contains("Permission denied"), read::describe);
        }
        assertEquals("running", afterStart(container));
    }

    private static String afterStart(Container container) {
        assertEquals("", container.start().output());
        return container.status();
    }

    private static Result nobody(String... command) {
        return Sandbox.current().command(command).under(OTHER_USER).run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwxrwx", "rwx----w-"})
    void stateIsNotKeptWhereOthersCanWrite(String permissions) throws IOException {
        Files.createDirectory(root);
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString(permissions));

        Bundle.busybox().run("true").failsWith("state directory " + root, "others can write to it");
    }

    @Test
    void stateIsNotKeptInAnotherUsersDirectory() throws IOException {
        Files.createDirectory(root);
        Sandbox.current().command("chown", "65534", root.toString()).run().output();

        Bundle.busybox().run("true").failsWith("belongs to uid 65534");
        assertEquals(List.of(), List.of(root.toFile().list()));
    }
}
