// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.lifecycle;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A directory of states, all of them copies of one container's that runs. */
record ManyContainers(String root) {
    /** {@code count} of them, called c100, c101 and so on. */
    static ManyContainers copied(int count) throws IOException {
        Container one = Bundle.busybox().create("sleep", "60");
        Path root = Sandbox.current().freshDirectory("many");
        Files.setPosixFilePermissions(
                root, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
        Path original = Sandbox.current().root().resolve(one.id());
        for (int i = 0; i < count; i++) {
            copy(original, root.resolve("c" + (100 + i)), one.id());
        }
        return new ManyContainers(root.toString());
    }

    private static void copy(Path original, Path copy, String id) throws IOException {
        Files.createDirectory(copy);
        try (Stream<Path> files = Files.list(original)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        Path state = copy.resolve("state.json");
        String own = "\"id\":\"" + copy.getFileName() + "\"";
        Files.writeString(state, Files.readString(state).replace("\"id\":\"" + id + "\"", own));
    }

    Path directory(String id) {
        return Path.of(root, id);
    }
}
