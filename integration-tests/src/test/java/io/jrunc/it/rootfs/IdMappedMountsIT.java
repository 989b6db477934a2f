// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.rootfs;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mounts whose files look as if they belonged to others. Source: runtime-spec
 * config.md#posix-platform-mounts, mount_setattr(2). runc 1.1 has none of it.
 */
@Requires({ROOT, JRUNC})
class IdMappedMountsIT {
    private static final int FIRST = 100000;

    @Test
    @Shows({
        "mounts.options=idmap",
        "mounts.uidMappings.containerID",
        "mounts.uidMappings.hostID",
        "mounts.uidMappings.size",
        "mounts.gidMappings.containerID",
        "mounts.gidMappings.hostID",
        "mounts.gidMappings.size"
    })
    void filesHaveTheMappedOwners() throws IOException {
        var bundle = Bundle.busybox();
        bind(bundle, source(7, 8), "bind", "idmap");
        maps(bundle, 0, 1000, 10, 0, 2000, 10);

        assertEquals("1007:2008", owner(bundle));
    }

    @Test
    @Shows({"mounts.uidMappings", "mounts.gidMappings"})
    void mapsNeedNoOption() throws IOException {
        var bundle = Bundle.busybox();
        bind(bundle, source(7, 8), "bind");
        maps(bundle, 7, 1, 1, 8, 2, 1);

        assertEquals("1:2", owner(bundle));
    }

    @Test
    @Shows("mounts.options=idmap")
    void withoutMapsThoseOfTheContainerCount() throws IOException {
        var bundle = Bundle.busybox().userNamespace(FIRST, 65536);
        bind(bundle, source(7, 8), "bind", "idmap");

        assertEquals("7:8", owner(bundle));
    }

    @Test
    void unmappedOwnersAreTheOverflowIdWithoutTheOption() throws IOException {
        var bundle = Bundle.busybox().userNamespace(FIRST, 65536);
        bind(bundle, source(7, 8), "bind");

        assertEquals("65534:65534", owner(bundle));
    }

    @Test
    @Shows("mounts.options=idmap")
    void mapsOfAJoinedUserNamespaceCountAsWell() throws IOException {
        Container first = Bundle.busybox().userNamespace(FIRST, 65536).start("sleep", "60");
        var bundle = Bundle.busybox().namespace("user", "/proc/" + first.pid() + "/ns/user");
        bind(bundle, source(7, 8), "bind", "idmap");

        assertEquals("7:8", owner(bundle));
    }

    @Test
    @Shows({"mounts.uidMappings", "mounts.gidMappings"})
    void mapsOfTheMountAreSeenThroughThoseOfTheContainer() throws IOException {
        var bundle = Bundle.busybox().userNamespace(FIRST, 65536);
        bind(bundle, source(0, 0), "bind", "idmap");
        maps(bundle, 0, FIRST + 5, 1, 0, FIRST + 6, 1);

        assertEquals("5:6", owner(bundle));
    }

    @Test
    @Shows("mounts.options=idmap")
    void newFilesBelongToTheOwnerThatIsMappedBack() throws IOException {
        Path source = source(0, 0);
        var bundle = Bundle.busybox().userNamespace(FIRST, 65536);
        bind(bundle, source, "bind", "idmap");

        bundle.sh("echo x > /data/new").output();

        assertEquals(0, Files.getAttribute(source.resolve("new"), "unix:uid"));
    }

    @ParameterizedTest
    @CsvSource({"idmap, 7:8, 1007:1008", "ridmap, 1007:1008, 1007:1008"})
    @Shows({"mounts.options=idmap", "mounts.options=ridmap"})
    void onlyRidmapReachesWhatIsMountedBelow(String option, String below, String top)
            throws IOException {
        Path source = source(7, 8);
        Path point = Files.createDirectory(source.resolve("below"));
        var mount = Sandbox.current().command("mount", "-t", "tmpfs", "tmpfs", point.toString());
        mount.run().output();
        try {
            own(Files.createFile(point.resolve("f")), 7, 8);
            var bundle = Bundle.busybox();
            bind(bundle, source, "rbind", option);
            maps(bundle, 0, 1000, 10, 0, 1000, 10);

            Result owners = bundle.run("stat", "-c", "%u:%g", "/data/below/f", "/data/f");

            assertEquals(List.of(below, top), owners.lines());
        } finally {
            Sandbox.current().command("umount", "-l", point.toString()).run().output();
        }
    }

    @Test
    @Shows("mounts.options=idmap")
    void crunsWayToWriteMapsIsUnderstood() throws IOException {
        var bundle = Bundle.busybox();
        bind(bundle, source(7, 8), "bind", "idmap=uids=0-1000-5#5-3005-5;gids=8-9-1");

        assertEquals("3007:9", owner(bundle));
    }

    @Test
    @Shows("mounts.options=idmap")
    void mapsMayBeRelativeToThoseOfTheContainer() throws IOException {
        var bundle = Bundle.busybox().userNamespace(FIRST, 65536);
        bind(bundle, source(7, 8), "bind", "idmap=uids=@7-20-1;gids=@8-30-1");

        assertEquals("20:30", owner(bundle));
    }

    @Test
    @Shows("mounts.options=idmap")
    void otherOptionsHoldAsWell() throws IOException {
        var bundle = Bundle.busybox();
        bind(bundle, source(7, 8), "bind", "idmap", "ro", "nosuid", "rprivate");
        maps(bundle, 0, 1000, 10, 0, 1000, 10);

        Result options = bundle.sh("awk '$5 == \"/data\" {print $6}' /proc/self/mountinfo");

        assertEquals("ro,nosuid,relatime,idmapped", options.output());
    }

    @Test
    @Shows("mounts.source")
    void sourceMayBeWhatAnEarlierMountPutThere() throws IOException {
        Path source = source(7, 8);
        var bundle = Bundle.busybox();
        String insideOut = bundle.rootfs() + "/first";
        bundle.bind(source, "/first");
        bundle.mount("/data", "bind", insideOut, "bind", "idmap");
        maps(bundle, 0, 1000, 10, 0, 1000, 10);

        assertEquals("1007:1008", owner(bundle));
    }

    @Test
    @Shows("mounts.options=idmap")
    void manyMountsMayHaveTheSameMaps() throws IOException {
        var bundle = Bundle.busybox();
        Path source = source(7, 8);
        for (int i = 0; i < 20; i++) {
            bundle.mount("/data" + i, "bind", source.toString(), "bind", "idmap");
            maps(bundle, 0, 1000, 10, 0, 1000, 10);
        }

        Result owners = bundle.sh("stat -c %u:%g /data*/f | sort -u");

        assertEquals("1007:1008", owners.output());
    }

    @Test
    void fileSystemThatCannotIsNamed() {
        var bundle = Bundle.busybox();
        bundle.mount("/data", "bind", "/proc/sys", "bind", "idmap");
        maps(bundle, 0, 1000, 10, 0, 1000, 10);

        bundle.run("true").failsWith("/proc/sys", "EINVAL", "may not support idmapped mounts");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "idmap=uids=0-1-10",
                "idmap=uids=0-1;gids=0-1-1",
                "idmap=uids=a-1-1;gids=0-1-1",
                "idmap=zebras=0-1-1",
                "idmap=uids=@0-1-1;gids=0-1-1",
                "idmap=uids=0-0-5#3-9-5;gids=0-1-1"
            })
    void mapsThatMeanNothingAreRefused(String option) throws IOException {
        var bundle = Bundle.busybox();
        bind(bundle, source(0, 0), "bind", option);

        bundle.run("true").failsWith("idmap|mappings overlap");
    }

    @Test
    void idmapWithoutAnyMapsIsRefused() throws IOException {
        var bundle = Bundle.busybox();
        bind(bundle, source(0, 0), "bind", "idmap");

        bundle.run("true").failsWith("uidMappings and gidMappings");
    }

    @Test
    void onlyBindMountsCanBeMapped() {
        var bundle = Bundle.busybox().mount("/data", "tmpfs", "tmpfs", "idmap");

        bundle.run("true").failsWith("only a bind mount can be idmapped");
    }

    private static String owner(Bundle bundle) {
        return bundle.run("stat", "-c", "%u:%g", "/data/f").output();
    }

    private static void bind(Bundle bundle, Path source, String... options) {
        // Root of a user namespace could not make it in a directory of the host's root.
        bundle.directory("/data").mount("/data", "bind", source.toString(), options);
    }

    /** Maps of the last mount: owner on disk, owner to be, count; then the same for groups. */
    private static void maps(Bundle bundle, int uid, int toUid, int uids, int... gids) {
        ObjectNode mount = (ObjectNode) bundle.config().at("/mounts/" + (count(bundle) - 1));
        mount.putArray("uidMappings")
                .addObject()
                .put("containerID", uid)
                .put("hostID", toUid)
                .put("size", uids);
        mount.putArray("gidMappings")
                .addObject()
                .put("containerID", gids[0])
                .put("hostID", gids[1])
                .put("size", gids[2]);
    }

    private static int count(Bundle bundle) {
        return bundle.config().get("mounts").size();
    }

    private static Path source(int uid, int gid) throws IOException {
        Path source = Sandbox.current().freshDirectory("source");
        own(Files.writeString(source.resolve("f"), "x"), uid, gid);
        return source;
    }

    private static void own(Path path, int uid, int gid) {
        Sandbox.current().command("chown", uid + ":" + gid, path.toString()).run().output();
    }
}
