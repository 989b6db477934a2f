// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.lifecycle;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** list of few containers by one thread, and of many by several: no difference is seen. */
@Requires({ROOT, JRUNC})
class ManyContainersIT {
    private static Result list(ManyContainers many, String... options) {
        return Sandbox.current()
                .command(
                        Stream.concat(
                                        Stream.of(Program.path(), "--root", many.root(), "list"),
                                        Stream.of(options))
                                .toList())
                .run();
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 300})
    void allAreListedInOrder(int count) throws IOException {
        ManyContainers many = ManyContainers.copied(count);

        List<String> ids = list(many, "--quiet").lines();
        List<String> rows = list(many).lines();

        assertEquals(IntStream.range(100, 100 + count).mapToObj(i -> "c" + i).toList(), ids);
        for (int i = 0; i < count; i++) {
            assertTrue(
                    rows.get(i + 1).matches(ids.get(i) + " +[0-9]+ +running .*"), rows.get(i + 1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 300})
    void thoseThatCannotBeReadAreNamedInOrderAndTheRestIsListed(int count) throws IOException {
        ManyContainers many = ManyContainers.copied(count);
        for (String id : List.of("c103", "c110", "c117")) {
            for (String file : List.of("state.json", "state.copy")) {
                Files.writeString(many.directory(id).resolve(file), "{");
            }
        }
        Files.createDirectory(many.directory("c105 no id"));
        Files.createDirectory(many.directory("c106empty"));

        Result list = list(many, "--quiet");

        assertEquals(0, list.status(), list::describe);
        assertEquals(count - 3, list.lines().size(), list::describe);
        String warnings = list.stderr();
        assertTrue(
                warnings.matches(
                        "(?s).*container c103: .*container c105 no id: .*container c110: .*"
                                + "container c117: .*"),
                list::describe);
        assertEquals(4, warnings.lines().count(), list::describe);
    }
}
