// SPDX-License-Identifier: Apache-2.0
package io.jrunc.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.linux.Kernel;
import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExternalStreamsTest {
    /** As runc writes it. */
    @Test
    void documentIsThatOfRunc() {
        String json = "[\"/dev/null\",\"pipe:[17]\",\"pipe:[17]\"]";
        ExternalStreams streams = ExternalStreams.parse(json.getBytes(StandardCharsets.UTF_8));

        assertEquals(Map.of("pipe:[17]", 1), streams.inherited());
        assertEquals(json, new String(streams.toJson(), StandardCharsets.UTF_8));
    }

    @Test
    void filesOfTheHostAreNamed() {
        ExternalStreams streams =
                new ExternalStreams(List.of("file[1b:3]", "pipe:[17]", "/dev/pts/0"));

        assertEquals(Set.of("file[1b:3]"), streams.external());
        assertEquals(Map.of("file[1b:3]", 0, "pipe:[17]", 1), streams.inherited());
    }

    /** The pipe between two processes is in the image if both are; otherwise it leads outside. */
    @Test
    void pipeWithOneEndInsideLeadsOutside() throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", "sleep 60 | sleep 60").start();
        try {
            List<Integer> both = children(shell);
            String outer = link(shell.pid());
            int reader = both.stream().filter(pid -> !link(pid).equals(outer)).findAny().get();

            ExternalStreams together = ExternalStreams.of(LocalKernel.get(), reader, both);
            ExternalStreams alone = ExternalStreams.of(LocalKernel.get(), reader, List.of(reader));

            assertEquals(outer, together.names().get(0));
            assertEquals(link(reader), alone.names().get(0));
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly().waitFor();
        }
    }

    private static String link(long pid) {
        Kernel kernel = LocalKernel.get();
        return kernel.directories().readLink(kernel.files().here(), "/proc/" + pid + "/fd/0");
    }

    /** Waits until both have become the program. */
    private static List<Integer> children(Process shell) throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            List<ProcessHandle> children = shell.children().toList();
            boolean both =
                    children.stream()
                                    .filter(
                                            child ->
                                                    child.info()
                                                            .command()
                                                            .orElse("")
                                                            .endsWith("sleep"))
                                    .count()
                            == 2;
            if (both) {
                return children.stream().map(child -> (int) child.pid()).toList();
            }
            Thread.sleep(10);
        }
        throw new AssertionError("no children");
    }
}
