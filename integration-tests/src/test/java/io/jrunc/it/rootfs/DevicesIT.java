// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.rootfs;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.it.harness.Shows;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Source: runtime-spec config-linux.md#devices, #default-devices. */
@Requires(ROOT)
class DevicesIT {
    @Test
    void defaultDevicesAreThere() {
        Result devices =
                Bundle.busybox()
                        .sh(
                                "cd /dev; stat -c '%n %F %t:%T %a %u:%g' null zero full random"
                                        + " urandom tty");

        assertEquals(
                List.of(
                        "null character special file 1:3 666 0:0",
                        "zero character special file 1:5 666 0:0",
                        "full character special file 1:7 666 0:0",
                        "random character special file 1:8 666 0:0",
                        "urandom character special file 1:9 666 0:0",
                        "tty character special file 5:0 666 0:0"),
                devices.lines());
    }

    @Test
    void defaultDevicesWork() {
        Result use =
                Bundle.busybox()
                        .sh(
                                "echo lost > /dev/null; head -c 3 /dev/zero | wc -c; head -c 5"
                                        + " /dev/urandom | wc -c; echo x > /dev/full || echo full");

        assertEquals(List.of("3", "5", "full"), use.lines());
    }

    @Test
    void defaultLinksAreThere() {
        Result links =
                Bundle.busybox()
                        .sh("cd /dev; for l in fd stdin stdout stderr ptmx; do readlink $l; done");

        assertEquals(
                List.of(
                        "/proc/self/fd",
                        "/proc/self/fd/0",
                        "/proc/self/fd/1",
                        "/proc/self/fd/2",
                        "pts/ptmx"),
                links.lines());
    }

    @ParameterizedTest
    @CsvSource({
        "c, character special file, a:c8",
        "u, character special file, a:c8",
        "b, block special file, a:c8",
        "p, fifo, 0:0"
    })
    @Shows({
        "linux.devices.path",
        "linux.devices.type=c",
        "linux.devices.type=u",
        "linux.devices.type=b",
        "linux.devices.type=p",
        "linux.devices.major",
        "linux.devices.minor",
        "linux.devices.fileMode",
        "linux.devices.uid",
        "linux.devices.gid"
    })
    void deviceIsMadeAsWritten(String type, String kind, String numbers) {
        var bundle = Bundle.busybox();
        bundle.json(
                "/linux/devices",
                """
                [{"path": "/dev/sub/made", "type": "%s", "major": 10, "minor": 200,
                  "fileMode": 416, "uid": 3, "gid": 4}]
                """
                        .formatted(type));

        Result made = bundle.run("stat", "-c", "%F, %t:%T, %a, %u:%g", "/dev/sub/made");

        assertEquals(kind + ", " + numbers + ", 640, 3:4", made.output());
    }

    @Test
    @Shows("linux.devices.fileMode")
    void umaskDoesNotNarrowDevices() {
        var bundle = Bundle.busybox().set("/process/user/umask", 077);
        bundle.json(
                "/linux/devices",
                "[{\"path\": \"/dev/open\", \"type\": \"c\", \"major\": 1, \"minor\": 3,"
                        + " \"fileMode\": 438}]");

        assertEquals("666", bundle.run("stat", "-c", "%a", "/dev/open").output());
    }

    @Test
    @Shows("linux.devices.path")
    void deviceMayBeOutsideDev() {
        var bundle = Bundle.busybox().writable();
        bundle.json(
                "/linux/devices",
                "[{\"path\": \"/srv/dev/one\", \"type\": \"c\", \"major\": 1, \"minor\": 3}]");

        assertEquals("1:3", bundle.run("stat", "-c", "%t:%T", "/srv/dev/one").output());
    }

    @Test
    void sameDeviceInTheImageIsKept() {
        var bundle = withoutMountsOnDev();
        Sandbox.current()
                .command("mknod", bundle.inside("/dev/null").toString(), "c", "1", "3")
                .run();

        assertEquals("1:3", bundle.run("stat", "-c", "%t:%T", "/dev/null").output());
    }

    @Test
    @Requires(JRUNC) // runc leaves what is there, whatever it is
    void otherDeviceInTheImageIsRefused() {
        var bundle = withoutMountsOnDev();
        Sandbox.current()
                .command("mknod", bundle.inside("/dev/null").toString(), "c", "1", "5")
                .run();

        bundle.run("true").failsWith("/dev/null");
    }

    @Test
    void unknownTypeIsRefused() {
        var bundle = Bundle.busybox();
        bundle.json("/linux/devices", "[{\"path\": \"/dev/x\", \"type\": \"z\"}]");

        bundle.run("true").failsWith("type|devices|invalid");
    }

    @Test
    @Shows("mounts.destination")
    void boundDevIsLeftAlone() {
        Path dev = Sandbox.current().freshDirectory("dev");
        Sandbox.current().command("mknod", dev + "/null", "c", "1", "3").run().output();
        var bundle = withoutMountsOnDev().bind(dev, "/dev");

        assertEquals("null", bundle.run("ls", "-A", "/dev").output());
    }

    @Test
    @Shows({"linux.devices.fileMode", "linux.devices.uid", "linux.devices.gid"})
    void modeAndOwnerHaveDefaults() {
        var bundle = device("/dev/one", "c", 1, 3);

        assertEquals("666 0:0", bundle.run("stat", "-c", "%a %u:%g", "/dev/one").output());
    }

    @Test
    @Shows("linux.devices.fileMode")
    void bitsOfTheTypeInTheModeAreNotTheMode() {
        var bundle = Bundle.busybox();
        bundle.json(
                "/linux/devices",
                "[{\"path\": \"/dev/one\", \"type\": \"c\", \"major\": 1, \"minor\": 3,"
                        + " \"fileMode\": 8624}]"); // 020660

        assertEquals("660", bundle.run("stat", "-c", "%a", "/dev/one").output());
    }

    @Test
    @Shows("linux.devices.path")
    void terminalMultiplexerIsAlwaysTheContainersOwn() {
        var bundle = device("/dev/ptmx", "c", 5, 2);

        assertEquals("pts/ptmx", bundle.run("readlink", "/dev/ptmx").output());
    }

    @Test
    @Shows("linux.devices.path")
    void deviceThatAMountHasAlreadyIsKept() {
        Path dri = Sandbox.current().freshDirectory("dri");
        Sandbox.current().command("mknod", "-m", "600", dri + "/c", "c", "1", "3").run().output();
        var bundle = device("/dev/dri/c", "c", 1, 3).bind(dri, "/dev/dri");

        assertEquals("600", bundle.run("stat", "-c", "%a", "/dev/dri/c").output());
    }

    @Test
    @Requires(JRUNC) // as above
    @Shows({"linux.devices.major", "linux.devices.minor"})
    void otherDeviceInAMountIsRefused() {
        Path dri = Sandbox.current().freshDirectory("dri");
        Sandbox.current().command("mknod", dri + "/c", "c", "1", "5").run().output();
        var bundle = device("/dev/dri/c", "c", 1, 3).bind(dri, "/dev/dri");

        bundle.run("true").failsWith("linux.devices\\[0\\]", "/dev/dri/c", "another device");
    }

    @ParameterizedTest
    @CsvSource({"b, 1, 3", "p, 0, 0"})
    @Requires(JRUNC) // as above
    @Shows("linux.devices.type")
    void fileOfAnotherTypeIsRefused(String type, int major, int minor) {
        var bundle = withoutMountsOnDev();
        bundle.json("/linux/devices", json("/dev/x", type, major, minor));
        Sandbox.current().command("mknod", bundle.inside("/dev/x") + "", "c", "1", "3").run();

        bundle.run("true").failsWith("linux.devices\\[0\\]", "/dev/x", "another device");
    }

    @Test
    @Shows("linux.devices.path")
    void inAUserNamespaceItIsTheHosts() {
        Path host = Sandbox.current().freshFile("node");
        Sandbox.current().command("mknod", "-m", "604", host + "", "c", "1", "3").run().output();
        var bundle = device(host.toString(), "c", 1, 3).userNamespace(100000, 65536);
        chownAll(bundle);

        Result stat = bundle.run("stat", "-c", "%t:%T %a", host.toString());

        assertEquals("1:3 604", stat.output());
    }

    /** Root of the user namespace may not search the directory: another process opens the node. */
    @Test
    @Requires(JRUNC) // runc 1.1 is denied the directory
    void inAUserNamespaceItMayBeInADirectoryOfRootAlone() {
        Path closed = Sandbox.current().freshDirectory("closed");
        Path host = closed.resolve("node");
        Sandbox.current().command("chmod", "700", closed + "").run().output();
        Sandbox.current().command("mknod", "-m", "604", host + "", "c", "1", "3").run().output();
        var bundle = device(host.toString(), "c", 1, 3).userNamespace(100000, 65536);
        chownAll(bundle);

        Result stat = bundle.run("stat", "-c", "%t:%T %a", host.toString());

        assertEquals("1:3 604", stat.output());
    }

    @Test
    @Requires(JRUNC) // runc 1.1 names the system call
    @Shows("linux.devices.path")
    void inAUserNamespaceTheHostMustHaveIt() {
        var bundle = device("/dev/no-such-device", "c", 1, 3).userNamespace(100000, 65536);

        bundle.run("true")
                .failsWith(
                        "linux.devices\\[0\\]: .*/dev/no-such-device.* does not exist on the host");
    }

    @Test
    @Requires(JRUNC) // runc 1.1 takes what has the name
    @Shows({"linux.devices.major", "linux.devices.minor"})
    void inAUserNamespaceTheHostMustHaveTheSame() {
        Path host = Sandbox.current().freshFile("node");
        Sandbox.current().command("mknod", host + "", "c", "1", "5").run().output();
        var bundle = device(host.toString(), "c", 1, 3).userNamespace(100000, 65536);
        chownAll(bundle);

        bundle.run("true").failsWith("linux.devices\\[0\\]", "another device on the host");
    }

    @Test
    @Requires(JRUNC) // runc 1.1 wants to bind it, too
    @Shows("linux.devices.type")
    void inAUserNamespacePipesAreMade() {
        var bundle = device("/dev/pipe", "p", 0, 0).userNamespace(100000, 65536);

        assertEquals("fifo 0:0", bundle.run("stat", "-c", "%F %u:%g", "/dev/pipe").output());
    }

    /** Root of a user namespace makes what is missing in directories that are its own. */
    private static void chownAll(Bundle bundle) {
        Sandbox.current()
                .command("chown", "100000:100000", bundle.rootfs() + "", bundle.rootfs() + "/tmp")
                .run()
                .output();
    }

    private static Bundle device(String path, String type, int major, int minor) {
        return Bundle.busybox().json("/linux/devices", json(path, type, major, minor));
    }

    private static String json(String path, String type, int major, int minor) {
        return """
                [{"path": "%s", "type": "%s", "major": %d, "minor": %d}]
                """
                .formatted(path, type, major, minor);
    }

    private static Bundle withoutMountsOnDev() {
        var bundle = Bundle.busybox().writable();
        for (String point : List.of("/dev/mqueue", "/dev/shm", "/dev/pts", "/dev")) {
            bundle.withoutMount(point);
        }
        // Files of an image that are masked by /dev/null would need it.
        return bundle.set("/linux/maskedPaths", List.of());
    }
}
