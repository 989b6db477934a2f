// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.state.InitProcess;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Looks at this process as if it were a container's first. */
class InitNamespacesTest {
    private final Kernel kernel = LocalKernel.get();
    private final InitProcess here = InitProcess.of(kernel, (int) ProcessHandle.current().pid());

    @Test
    void thoseOfTheRuntimeItselfAreNotJoined() {
        InitNamespaces namespaces = InitNamespaces.open(kernel, here);

        assertEquals(List.of(), namespaces.foreign());
        assertTrue(namespaces.root().orElseThrow().isOpen()); // which then must be changed to
        namespaces.close();
    }

    /** As if the container had ended, and its pid were another's by now. */
    @Test
    void processThatStartedLaterIsAnother() {
        Failure failure =
                assertThrows(
                        Failure.class,
                        () ->
                                InitNamespaces.open(
                                        kernel, new InitProcess(here.pid(), here.start() - 1, 0)));

        assertEquals("cannot exec in a stopped container; start one", failure.getMessage());
    }
}
