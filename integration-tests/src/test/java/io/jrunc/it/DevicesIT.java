package io.jrunc.it;

import static io.jrunc.it.Feature.JRUNC;
import static io.jrunc.it.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
    void umaskDoesNotNarrowDevices() {
        var bundle = Bundle.busybox().set("/process/user/umask", 077);
        bundle.json(
                "/linux/devices",
                "[{\"path\": \"/dev/open\", \"type\": \"c\", \"major\": 1, \"minor\": 3,"
                        + " \"fileMode\": 438}]");

        assertEquals("666", bundle.run("stat", "-c", "%a", "/dev/open").output());
    }

    @Test
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
    void boundDevIsLeftAlone() {
        Path dev = Sandbox.current().freshDirectory("dev");
        Sandbox.current().command("mknod", dev + "/null", "c", "1", "3").run().output();
        var bundle = withoutMountsOnDev().bind(dev, "/dev");

        assertEquals("null", bundle.run("ls", "-A", "/dev").output());
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
