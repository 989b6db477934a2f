// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Requires;
import java.io.IOException;
import java.io.RandomAccessFile;
import org.junit.jupiter.api.Test;

/** What an image has copied into memory is the container's own memory, within its limit. */
@Requires({ROOT, JRUNC})
@Escape("uncharged-copy")
class CopiedMemoryIT {
    private static final int LIMIT = 16 << 20;

    private static Bundle copying(int bytes) throws IOException {
        var bundle = Bundle.busybox().directory("/srv");
        bundle.mount("/srv", "tmpfs", "tmpfs", "tmpcopyup");
        bundle.set("/linux/resources/memory/limit", LIMIT);
        bundle.set("/linux/resources/memory/swap", LIMIT);
        try (var file = new RandomAccessFile(bundle.inside("/srv/sparse").toFile(), "rw")) {
            file.setLength(bytes); // takes no room in the image
        }
        return bundle;
    }

    @Test
    void copyBeyondTheLimitIsRefused() throws IOException {
        copying(4 * LIMIT).run("true").failsWith("OOM-killed", "memory.limit", "raise it");
    }

    @Test
    void copyWithinTheLimitIsMade() throws IOException {
        var run = copying(LIMIT / 4).run("stat", "-c", "%s", "/srv/sparse");

        assertEquals("" + LIMIT / 4, run.output());
    }
}
