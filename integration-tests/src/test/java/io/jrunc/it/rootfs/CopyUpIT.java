// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.rootfs;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A tmpfs that begins as a copy of what it covers. Source: crun(1), runc's extension. */
@Requires(ROOT)
class CopyUpIT {
    private static final String OPTION = "mounts.options=tmpcopyup";

    @Test
    @Shows(OPTION)
    void filesAreThereAndTheImageStaysAsItIs() throws IOException {
        var bundle = copied().file("/srv/a/b/c/file", "deep\n");

        Result cat = bundle.sh("cat /srv/a/b/c/file; echo new > /srv/a/b/c/file; rm -r /srv/a");

        assertEquals("deep", cat.output());
        assertEquals("deep\n", Files.readString(bundle.inside("/srv/a/b/c/file")));
    }

    @Test
    @Shows(OPTION)
    void ownersAndModesAreCopied() {
        var bundle = copied().file("/srv/f", "x").directory("/srv/d").file("/srv/s", "x");
        change(bundle, "chown", "5:6", "/srv/f", "/srv/d");
        change(bundle, "chmod", "0640", "/srv/f");
        change(bundle, "chmod", "2751", "/srv/d");
        change(bundle, "chmod", "4755", "/srv/s");
        change(bundle, "chown", "7:8", "/srv");
        change(bundle, "chmod", "1771", "/srv");

        Result stat = bundle.sh("cd /srv; stat -c '%n %a %u:%g' . d f s");

        assertEquals(List.of(". 1771 7:8", "d 2751 5:6", "f 640 5:6", "s 4755 0:0"), stat.lines());
    }

    @Test
    @Requires(JRUNC) // runc 1.1 gives it to root
    @Shows(OPTION)
    void linksAreCopiedAndNotFollowed() throws IOException {
        Path secret = Files.writeString(Sandbox.current().freshFile("secret"), "the host's");
        var bundle = copied().link("/srv/abs", secret.toString()).link("/srv/up", "../../../etc");
        bundle.link("/srv/nowhere", "not/there");
        change(bundle, "chown", "-h", "3:4", "/srv/nowhere");

        Result links =
                bundle.sh(
                        "cd /srv; for l in abs up nowhere; do readlink $l; done; stat -c %u:%g nowhere; ls");

        assertEquals(
                List.of(secret + "", "../../../etc", "not/there", "3:4", "abs", "nowhere", "up"),
                links.lines());
    }

    @Test
    @Requires(JRUNC) // runc 1.1 makes two files of them
    @Shows(OPTION)
    void namesOfOneFileAreNamesOfOneFile() throws IOException {
        var bundle = copied().file("/srv/one", "x").directory("/srv/sub");
        Files.createLink(bundle.inside("/srv/sub/two"), bundle.inside("/srv/one"));

        Result change = bundle.sh("cd /srv; echo new > one; cat sub/two; stat -c %h one");

        assertEquals(List.of("new", "2"), change.lines());
    }

    @Test
    @Requires(JRUNC) // runc 1.1 copies pipes only
    @Shows(OPTION)
    void devicesAndPipesAreCopied() {
        var bundle = copied().directory("/srv");
        change(bundle, "mknod", "/srv/pipe", "p");
        Sandbox.current()
                .command("mknod", bundle.inside("/srv/null").toString(), "c", "1", "3")
                .run()
                .output();

        Result stat = bundle.sh("cd /srv; stat -c '%n %F %t:%T' null pipe");

        assertEquals(List.of("null character special file 1:3", "pipe fifo 0:0"), stat.lines());
    }

    @Test
    @Requires(JRUNC) // runc 1.1 leaves them behind
    @Shows(OPTION)
    void timesAndExtendedAttributesAreCopied() throws IOException {
        var bundle = copied().file("/srv/f", "x");
        Path file = bundle.inside("/srv/f");
        Files.getFileAttributeView(file, UserDefinedFileAttributeView.class)
                .write("note", ByteBuffer.wrap("kept".getBytes(StandardCharsets.UTF_8)));
        change(bundle, "touch", "-d", "2001-02-03T04:05:06Z", "/srv/f");

        Container container = bundle.start("sleep", "60");

        Path copy = Path.of("/proc/" + container.pid() + "/root/srv/f");
        assertEquals("2001-02-03T04:05:06Z", Files.getLastModifiedTime(copy).toString());
        byte[] note = (byte[]) Files.getAttribute(copy, "user:note");
        assertEquals("kept", new String(note, StandardCharsets.UTF_8));
    }

    @Test
    @Shows(OPTION)
    void largeFilesAndManyFilesAreCopied() throws IOException {
        byte[] large = new byte[9_000_001];
        new Random(1).nextBytes(large);
        var bundle = copied().bytes("/srv/large", large, "rw-r--r--");
        for (int i = 0; i < 1500; i++) {
            bundle.file("/srv/many/" + i, i + "\n");
        }

        Container container = bundle.start("sleep", "60");

        Path root = Path.of("/proc/" + container.pid() + "/root/srv");
        assertArrayEquals(large, Files.readAllBytes(root.resolve("large")));
        assertEquals(1500, root.resolve("many").toFile().list().length);
        assertEquals("1499\n", Files.readString(root.resolve("many/1499")));
    }

    @Test
    @Requires(JRUNC) // runc 1.1 copies outside, where ids are others
    @Shows(OPTION)
    void ownersAreThoseThatTheContainerSees() {
        var bundle = Bundle.busybox().userNamespace(100000, 65536);
        bundle.mount("/srv", "tmpfs", "tmpfs", "tmpcopyup").file("/srv/f", "x");
        bundle.file("/srv/theirs", "x");
        change(bundle, "chown", "100005:100006", "/srv/f");

        Result stat = bundle.sh("cd /srv; stat -c '%n %u:%g' f; cat theirs");

        assertEquals(List.of("f 5:6", "x"), stat.lines());
    }

    @Test
    @Shows(OPTION)
    void otherOptionsHoldAsWell() {
        var bundle = Bundle.busybox().file("/srv/f", "x\n");
        bundle.mount("/srv", "tmpfs", "tmpfs", "tmpcopyup", "ro", "noexec", "mode=0700", "size=1m");

        Result look = bundle.sh("cat /srv/f; stat -c %a /srv; touch /srv/new");

        assertEquals(List.of("x", "700"), look.stdout().lines().toList());
        look.failsWith("Read-only file system");
    }

    @Test
    @Shows(OPTION)
    void directoryThatIsMissingIsEmpty() {
        assertEquals("", copied().run("ls", "-A", "/srv").output());
    }

    @Test
    @Requires(JRUNC)
    void copyThatDoesNotFitIsAnError() {
        var bundle = Bundle.busybox().bytes("/srv/f", new byte[200_000], "rw-r--r--");
        bundle.mount("/srv", "tmpfs", "tmpfs", "tmpcopyup", "size=64k");

        bundle.run("true").failsWith("copy /srv", "ENOSPC", "larger size=");
    }

    @Test
    @Requires(JRUNC)
    void treeThatIsNestedTooDeepIsRefusedInASentence() {
        var bundle = copied().directory("/srv" + "/d".repeat(300));

        bundle.run("true").failsWith("copy /srv", "deeper than 200 levels", "tmpcopyup");
    }

    @Test
    void treeOfManyLevelsIsCopied() {
        String deep = "/srv" + "/d".repeat(150);
        var bundle = copied().file(deep + "/file", "deep\n");

        assertEquals("deep", bundle.run("cat", deep + "/file").output());
    }

    /** Each of them took a descriptor until all was copied. */
    @Test
    @Requires(JRUNC) // as above
    void manyFilesWithTwoNamesAreCopied() throws IOException {
        var bundle = copied().directory("/srv/other");
        for (int i = 0; i < 1200; i++) {
            bundle.file("/srv/f" + i, "");
            Files.createLink(bundle.inside("/srv/other/f" + i), bundle.inside("/srv/f" + i));
        }

        assertEquals("2", bundle.run("stat", "-c", "%h", "/srv/f1199").output());
    }

    @Test
    @Requires(JRUNC) // runc 1.1 ignores it
    void onlyATmpfsCanBegin() {
        var bundle = Bundle.busybox().mount("/srv", "proc", "proc", "tmpcopyup");

        bundle.run("true").failsWith("tmpcopyup", "new tmpfs");
    }

    /** The image's link must not decide what is copied from outside of it. */
    @Test
    @Shows(OPTION)
    void linkInPlaceOfTheDirectoryLeadsNowhereElse() throws IOException {
        Path outside = Sandbox.current().freshDirectory("outside");
        Files.writeString(outside.resolve("secret"), "x");
        var bundle = copied().link("/srv", outside.toString());

        assertEquals("", bundle.run("ls", "-A", "/srv/").output());
        assertTrue(Files.exists(outside.resolve("secret")));
    }

    private static Bundle copied() {
        return Bundle.busybox().mount("/srv", "tmpfs", "tmpfs", "tmpcopyup");
    }

    /** Runs a command of the host on files of the image, which begin with a slash. */
    private static void change(Bundle bundle, String... command) {
        for (int i = 0; i < command.length; i++) {
            if (command[i].startsWith("/")) {
                command[i] = bundle.inside(command[i]).toString();
            }
        }
        Sandbox.current().command(command).run().output();
    }
}
