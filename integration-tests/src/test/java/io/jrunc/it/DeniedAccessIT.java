package io.jrunc.it;

import static io.jrunc.it.Feature.JRUNC;
import static io.jrunc.it.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the root of a user namespace may not do is told with the command that mends it. */
@Requires({ROOT, JRUNC})
class DeniedAccessIT {
    private static final Pattern REMEDY = Pattern.compile("run ((chmod|mkdir) [^,:\"]+)");

    private static Bundle mapped() {
        return Bundle.busybox().userNamespace(100000, 65536);
    }

    /** Runs it as often as something is in the way, and what it is told to run. */
    private static Result mended(Bundle bundle) {
        Result run = bundle.run("echo", "ran");
        for (int i = 0; i < 10 && run.status() != 0; i++) {
            Matcher remedy = REMEDY.matcher(run.stderr());
            assertTrue(remedy.find(), run::describe);
            Sandbox.current().command("sh", "-c", remedy.group(1)).run().output();
            run = bundle.run("echo", "ran");
        }
        return run;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/rootfs"})
    void directoryThatMayNotBeSearchedIsNamed(String directory) {
        var bundle = mapped();
        String closed = bundle.directory() + directory;
        Sandbox.current().command("chmod", "700", closed).run().output();

        bundle.run("true")
                .failsWith(
                        closed + " belongs to 0:0 and has mode 700", "uid 100000", "chmod o\\+x");
        assertEquals("ran", mended(bundle).output());
    }

    @Test
    void directoryThatMayNotBeMadeIsNamed() {
        var bundle = mapped().mount("/new/point", "tmpfs", "tmpfs");

        bundle.run("true").failsWith("uid 100000", "may not make it there; run mkdir -p");
        assertEquals("ran", mended(bundle).output());
    }
}
