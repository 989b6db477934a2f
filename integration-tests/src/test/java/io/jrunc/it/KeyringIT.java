package io.jrunc.it;

import static io.jrunc.it.Feature.KEYS;
import static io.jrunc.it.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The session keyring of a container. keyrings(7). */
@Requires({ROOT, KEYS})
class KeyringIT {
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

    /** Its owner is the container's root, and whoever joins it there must find it. */
    @Test
    void keyringCanBeSearchedFromItsUserNamespace() {
        String id = Sandbox.current().freshId();

        Result keys = keys(Bundle.busybox().userNamespace(100000, 65536), id);

        String line =
                keys.lines().stream().filter(l -> l.contains("_ses." + id)).findFirst().orElse("");
        assertTrue(line.contains(" 3f130008 "), keys::describe);
    }

    @Test
    void callersKeyringIsKeptIfAskedFor() {
        String id = Sandbox.current().freshId();

        Result keys = keys(Bundle.busybox(), id, "--no-new-keyring");

        assertFalse(keys.output().contains("_ses." + id), keys::describe);
    }
}
