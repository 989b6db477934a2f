// SPDX-License-Identifier: Apache-2.0
package incontainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.jrunc.sandbox.Cause;
import io.jrunc.sandbox.Input;
import io.jrunc.sandbox.Sandbox;
import org.junit.jupiter.api.Test;

@InContainer(memory = 32 << 20, seconds = 5)
class InContainerTest {
    @Test
    void programReadsAndWrites(Sandbox box) throws Exception {
        assertEquals("OLLEH\n", box.stdin(Input.of("olleh\n")).run("tr", "a-z", "A-Z").stdout());
    }

    @Test
    void limitsAreThoseOfTheAnnotation(Sandbox box) throws Exception {
        assertEquals(Cause.OOM, box.run("tail", "/dev/zero").cause());
    }

    @Test
    void programIsTheFirstProcessOfItsOwnNamespace(Sandbox box) throws Exception {
        String pid = box.run("sh", "-c", "echo $$").stdout();

        assertEquals("1\n", pid);
        assertNotEquals(pid, ProcessHandle.current().pid() + "\n");
    }
}
