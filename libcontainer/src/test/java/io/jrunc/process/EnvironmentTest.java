// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jrunc.linux.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    private static final String PASSWD =
            """
            root:x:0:0:root:/root:/bin/sh
            # comment
            broken
            nohome:x:7:7:::/bin/sh
            web:x:1000:1000:Web:/home/web:/bin/sh
            again:x:1000:1000:Again:/home/again:/bin/sh
            short:x:1001:1001::/home/short
            """;

    private static List<String> withHome(List<String> env, String home) {
        return Environment.withHome(Environment.parse(env), home);
    }

    @Test
    void ofSeveralWithOneNameTheLastCountsInTheFirstsPlace() {
        assertEquals(List.of("A=3", "B=2", "HOME=/"), withHome(List.of("A=1", "B=2", "A=3"), "/"));
    }

    @Test
    void valuesMayBeEmptyAndHoldEqualSigns() {
        assertEquals(List.of("A=", "B=x=y=", "HOME=/h"), withHome(List.of("A=", "B=x=y="), "/h"));
    }

    @Test
    void homeIsSetUnlessItIsThere() {
        assertEquals(List.of("HOME=/root"), withHome(List.of(), "/root"));
        assertEquals(List.of("HOME=/x"), withHome(List.of("HOME=/x"), "/root"));
        assertEquals(List.of("HOME=/root"), withHome(List.of("HOME="), "/root"));
    }

    @Test
    void invalidVariableIsRefused() {
        for (String entry : List.of("A", "", "=x")) {
            Failure failure = assertThrows(Failure.class, () -> Environment.parse(List.of(entry)));

            assertEquals(
                    "process.env: \"" + entry + "\" is no variable; write NAME=value",
                    failure.getMessage());
        }
    }

    @Test
    void pathIsSearchedInItsOrderWithEmptyEntries() {
        assertEquals(
                List.of("/bin", "", "/usr/bin", ""),
                Environment.searchPath(Environment.parse(List.of("PATH=/bin::/usr/bin:"))));
        assertEquals(List.of(), Environment.searchPath(Environment.parse(List.of("PATH="))));
        assertEquals(List.of(), Environment.searchPath(Environment.parse(List.of("A=b"))));
    }

    @Test
    void homeIsThatOfTheFirstLineWithTheUid() {
        assertEquals("/root", Environment.homeOf(0, PASSWD));
        assertEquals("/home/web", Environment.homeOf(1000, PASSWD));
        assertEquals("/home/short", Environment.homeOf(1001, PASSWD));
    }

    @Test
    void withoutAnEntryHomeIsTheRoot() {
        assertEquals("/", Environment.homeOf(5, PASSWD));
        assertEquals("/", Environment.homeOf(7, PASSWD));
        assertEquals("/", Environment.homeOf(100, PASSWD));
        assertEquals("/", Environment.homeOf(0, ""));
    }
}
