// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.process;

import static io.jrunc.it.harness.Feature.KEYS;
import static io.jrunc.it.harness.Feature.PERL;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.SETPRIV;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The session keyring of a container. keyrings(7). */
@Requires({ROOT, KEYS})
class KeyringIT {
    /** Makes a session keyring with all permissions for all users. keyctl(2). */
    private static final String TRAP =
            "my $keyctl = -e '/lib64/ld-linux-x86-64.so.2' ? 250 : 219; my $name = $ENV{NAME};"
                    + " my $key = syscall($keyctl, 1, $name); die $! if $key < 0;"
                    + " syscall($keyctl, 5, $key, 0x3f3f3f3f) == 0 or die $!;"
                    + " $| = 1; print qq(ready\\n); sleep 60";

    private static Result keys(Bundle bundle, String id, String... flags) {
        bundle.set("/linux/maskedPaths", List.of()).args("cat", "/proc/keys");
        List<String> command = new java.util.ArrayList<>(List.of("run"));
        command.addAll(List.of(flags));
        command.add(id);
        return bundle.invoke(command).run();
    }

    @Test
    void containerHasASessionKeyringOfItsOwn() {
        String id = Sandbox.current().freshId();

        Result keys = keys(Bundle.busybox(), id);

        assertTrue(keys.output().contains("_ses." + id), keys::describe);
    }

    /** Its owner is the container's root, and processes of the container can join it. */
    @Test
    void keyringCanBeSearchedFromItsUserNamespace() {
        String id = Sandbox.current().freshId();

        Result keys = keys(Bundle.busybox().userNamespace(100000, 65536), id);

        String line =
                keys.lines().stream().filter(l -> l.contains("_ses." + id)).findFirst().orElse("");
        assertTrue(line.contains(" 3f130008 "), keys::describe);
    }

    /** A keyring of the same name that any user made first would be joined instead. */
    @Test
    @Requires({ROOT, KEYS, PERL, SETPRIV})
    @Escape("session-keyring")
    void keyringThatAnotherUserMadeBeforeIsNotJoined() {
        String id = Sandbox.current().freshId();
        Invocation.Running other =
                Sandbox.current()
                        .command(
                                "setpriv", "--reuid", "65534", "--clear-groups", "perl", "-e", TRAP)
                        .variable("NAME", "_ses." + id)
                        .start();
        try {
            assertTrue(Host.becomes(5000, () -> other.soFar().stdout().contains("ready")));

            Result keys = keys(Bundle.busybox(), id);

            Pattern own = Pattern.compile(" 0 +0 keyring +_ses." + id + "[.][0-9a-f]{8,}: ");
            assertTrue(own.matcher(keys.output()).find(), keys::describe);
        } finally {
            other.process().destroyForcibly();
        }
    }

    @Test
    void execJoinsTheKeyringOfTheContainer() {
        Bundle bundle = Bundle.busybox().set("/linux/maskedPaths", List.of());
        Container container =
                bundle.start("sh", "-c", "cat /proc/keys; echo up; sleep 60").awaitOutput("up");

        String exec = container.exec("cat", "/proc/keys").output();

        String name = "_ses." + container.id() + ".";
        assertEquals(serial(name, container.output()), serial(name, exec));
    }

    private static String serial(String name, String keys) {
        return keys.lines()
                .filter(line -> line.contains(name))
                .findFirst()
                .orElseThrow()
                .split(" ", -1)[0];
    }

    @Test
    void callersKeyringIsKeptIfAskedFor() {
        String id = Sandbox.current().freshId();

        Result keys = keys(Bundle.busybox(), id, "--no-new-keyring");

        assertFalse(keys.output().contains("_ses." + id), keys::describe);
    }
}
