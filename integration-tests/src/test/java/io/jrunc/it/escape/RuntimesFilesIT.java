// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * crun with libkrun writes {@code .krun_config.json} into the root file system, and so through an
 * image's link of that name. There is no such file here, and no other: whatever an image holds
 * under the names that runtimes and engines write to stays as it is.
 */
@Requires({ROOT, JRUNC})
@Escape("CVE-2025-24965")
class RuntimesFilesIT {
    private static final String[] NAMES = {
        "/.krun_config.json",
        "/.krun_vm.json",
        "/.dockerenv",
        "/.dockerinit",
        "/run/.containerenv",
        "/etc/hostname",
        "/etc/hosts",
        "/etc/resolv.conf",
        "/etc/mtab",
        "/etc/passwd",
        "/etc/group"
    };

    @Test
    void nothingIsWrittenThroughLinksOfTheImage() {
        try (var victim = new Victim()) {
            for (String out : new String[] {"/secret", "/new", "/point/new"}) {
                var bundle = Bundle.busybox().writable();
                for (String name : NAMES) {
                    bundle.link(name, victim.directory() + out);
                }
                bundle.json("/annotations", "{\"run.oci.handler\": \"java-smart\"}");
                Map<Path, String> before = picture(bundle);

                assertEquals("ran", bundle.run("echo", "ran").output());

                victim.assertUntouched();
                assertEquals(before, picture(bundle));
            }
        }
    }

    /** All of the root file system but the places that mounts are on: type, size, target, time. */
    private static Map<Path, String> picture(Bundle bundle) {
        Map<Path, String> picture = new TreeMap<>();
        try (Stream<Path> files = Files.walk(bundle.rootfs())) {
            for (Path file : files.toList()) {
                var facts =
                        Files.readAttributes(
                                file, "unix:mode,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
                picture.put(file, facts.toString());
            }
            return picture;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
