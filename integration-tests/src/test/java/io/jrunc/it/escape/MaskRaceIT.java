// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.container.Container;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Requires;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.local.LocalKernel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What masks a path is the image's {@code /dev/null}: as a link to another file it would put that
 * file, writable, where the secret was. The victim here is a file of the image.
 */
@Requires({ROOT, JRUNC})
@Escape("CVE-2025-31133")
class MaskRaceIT {
    private static final int SECRETS = 20;

    @ParameterizedTest
    @ValueSource(strings = {"/victim", "../victim", "/dev/zero", "/proc/self/comm", "/no/where"})
    void linkForDevNullIsNotUsedAsAMask(String target) {
        var bundle = withItsOwnDev().file("/victim", "untouched").link("/dev/null", target);

        bundle.run("true").failsWith("/dev/null");
    }

    @Test
    void fileForDevNullIsNotUsedAsAMask() {
        var bundle = withItsOwnDev().file("/dev/null", "image's").file("/secret0", "x");

        bundle.run("true").failsWith("/dev/null");
    }

    /** Each container is made with all of its masks, or not at all. */
    @Test
    void exchangedDevNullIsNeverUsedAsAMask() {
        var bundle = withItsOwnDev().file("/victim", "untouched").link("/dev/evil", "/victim");
        for (int i = 0; i < SECRETS; i++) {
            bundle.file("/secret" + i, "secret").add("/linux/maskedPaths", "/secret" + i);
        }
        int made = 0;
        int refused = 0;
        try (var library = new Library()) {
            assertTrue(
                    library.create(bundle, MaskRaceIT::assertMasked).isEmpty()); // makes the node
            try (var swapper = new Swapper(bundle.inside("/dev"), "null", "evil")) {
                int wanted = Library.containers();
                for (int round = 0; round < wanted * 10; round++) {
                    var failure = library.create(bundle, MaskRaceIT::assertMasked);
                    made += failure.isEmpty() ? 1 : 0;
                    refused += failure.isPresent() ? 1 : 0;
                    if (round >= wanted && made > 0 && refused > 0) {
                        break;
                    }
                }
                String seen = made + " made, " + refused + " refused, swaps: " + swapper.count();
                assertTrue(made > 0 && refused > 0, seen);
            }
        }
    }

    /** Uses the image's own directory, so that processes that share it can change its entries. */
    private static Bundle withItsOwnDev() {
        var bundle = Bundle.busybox().writable();
        for (String point : List.of("/dev/mqueue", "/dev/shm", "/dev/pts", "/dev")) {
            bundle.withoutMount(point);
        }
        return bundle.add("/linux/maskedPaths", "/secret");
    }

    private static void assertMasked(Container container) {
        Files files = LocalKernel.get().files();
        String root = "/proc/" + container.initPid() + "/root";
        for (int i = 0; i < SECRETS; i++) {
            try (Fd secret = files.open(root + "/secret" + i, OpenFlag.PATH, OpenFlag.NOFOLLOW)) {
                assertTrue(files.stat(secret).isCharacterDevice(1, 3), "mask " + i);
            }
        }
        assertEquals(
                "untouched",
                io.jrunc.it.harness.Result.text(java.nio.file.Path.of(root, "victim")));
    }
}
