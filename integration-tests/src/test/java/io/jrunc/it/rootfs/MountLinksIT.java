// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.rootfs;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Symbolic links as sources and destinations. Source: crun(1), since 1.10. */
@Requires({ROOT, JRUNC})
class MountLinksIT {
    private Path target;
    private Path link;

    @BeforeEach
    void makeLink() throws IOException {
        target = Files.writeString(Sandbox.current().freshFile("target"), "content\n");
        link = Files.createSymbolicLink(Sandbox.current().freshFile("link"), target);
    }

    @Test
    @Shows("mounts.source")
    void sourceIsFollowed() {
        assertEquals("content", Bundle.busybox().bind(link, "/f").run("cat", "/f").output());
    }

    @Test
    @Shows("mounts.options=copy-symlink")
    void linkIsCopied() {
        var bundle = Bundle.busybox().bind(link, "/etc/sub/f", "copy-symlink");

        Result look = bundle.sh("readlink /etc/sub/f; grep -c /etc/sub /proc/self/mountinfo");

        assertEquals(target + "\n0\n", look.stdout());
    }

    @Test
    @Shows("mounts.options=copy-symlink")
    void whatIsNoLinkIsBound() {
        var bundle = Bundle.busybox().bind(target, "/f", "copy-symlink");

        assertEquals("content", bundle.run("cat", "/f").output());
    }

    @Test
    @Shows("mounts.options=copy-symlink")
    void sameLinkInTheImageIsKept() {
        var bundle = Bundle.busybox().link("/f", target.toString());

        assertEquals(
                target.toString(),
                bundle.bind(link, "/f", "copy-symlink").run("readlink", "/f").output());
    }

    @Test
    @Shows("mounts.options=copy-symlink")
    void linkIsMadeInsideTheRootDespiteTheImage() {
        Path victim = Sandbox.current().freshDirectory("victim");
        var bundle = Bundle.busybox().link("/data", victim.toString());

        bundle.bind(link, "/data/f", "copy-symlink").run("true").output();

        assertEquals(0, victim.toFile().list().length);
        assertFalse(Files.exists(victim.resolve("f"), LinkOption.NOFOLLOW_LINKS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"elsewhere", ""})
    void otherFileInTheImageIsRefused(String there) {
        var bundle = Bundle.busybox();
        if (there.isEmpty()) {
            bundle.file("/f", "a file");
        } else {
            bundle.link("/f", there);
        }

        bundle.bind(link, "/f", "copy-symlink")
                .run("true")
                .failsWith("mounts\\[7\\].destination", "is no link to");
    }

    @Test
    @Shows("mounts.options=src-nofollow")
    void linkItselfIsMounted() {
        var bundle = Bundle.busybox().bind(link, "/f", "src-nofollow");

        Result look = bundle.sh("readlink /f; grep -c ' /f ' /proc/self/mountinfo");

        assertEquals(List.of(target.toString(), "1"), look.lines());
    }

    @Test
    @Shows("mounts.options=dest-nofollow")
    void linkInTheImageIsCovered() {
        var bundle = Bundle.busybox().link("/f", "/etc/other").file("/etc/other", "other\n");

        Result look = bundle.bind(target, "/f", "dest-nofollow").sh("cat /f; cat /etc/other");

        assertEquals(List.of("content", "other"), look.lines());
    }

    @Test
    @Shows({"mounts.options=src-nofollow", "mounts.options=dest-nofollow"})
    void linkIsMountedOnLink() {
        var bundle = Bundle.busybox().link("/f", "/etc/other").file("/etc/other", "other\n");
        bundle.bind(link, "/f", "src-nofollow", "dest-nofollow");

        Result look = bundle.sh("readlink /f; cat /etc/other");

        assertEquals(List.of(target.toString(), "other"), look.lines());
    }

    @Test
    @Shows("mounts.options=dest-nofollow")
    void linksOnTheWayAreFollowedInside() {
        var bundle = Bundle.busybox().link("/way", "/etc").bind(target, "/way/f", "dest-nofollow");

        assertEquals("content", bundle.run("cat", "/etc/f").output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"src-nofollow", "dest-nofollow"})
    void copyingExcludesNotFollowing(String option) {
        Bundle.busybox()
                .bind(link, "/f", "copy-symlink", option)
                .run("true")
                .failsWith("copy-symlink.* excludes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"src-nofollow", "dest-nofollow", "copy-symlink"})
    void onlyBindMountsHaveSources(String option) {
        Bundle.busybox()
                .mount("/f", "tmpfs", "tmpfs", option)
                .run("true")
                .failsWith(option, "bind mount");
    }
}
