// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The program that is all that test containers hold: one static file and many names for it. */
public final class Busybox {
    private static final String BINARY = Program.installed("busybox").orElse("/bin/busybox");
    private static final List<String> APPLETS =
            List.of(
                    "[",
                    "awk",
                    "cat",
                    "chmod",
                    "chown",
                    "cut",
                    "date",
                    "dd",
                    "df",
                    "dirname",
                    "dmesg",
                    "dnsdomainname",
                    "echo",
                    "env",
                    "expr",
                    "false",
                    "find",
                    "free",
                    "grep",
                    "head",
                    "hostname",
                    "id",
                    "ifconfig",
                    "ionice",
                    "ip",
                    "ipcs",
                    "kill",
                    "ln",
                    "ls",
                    "mkdir",
                    "mkfifo",
                    "mknod",
                    "mount",
                    "mountpoint",
                    "mv",
                    "nproc",
                    "od",
                    "ping",
                    "ps",
                    "pwd",
                    "readlink",
                    "realpath",
                    "rm",
                    "rmdir",
                    "sed",
                    "seq",
                    "setsid",
                    "sh",
                    "sleep",
                    "sort",
                    "stat",
                    "stty",
                    "sync",
                    "tail",
                    "tee",
                    "test",
                    "timeout",
                    "touch",
                    "tr",
                    "true",
                    "tty",
                    "umount",
                    "uname",
                    "unshare",
                    "wc",
                    "whoami",
                    "xargs",
                    "yes");

    /** One copy of the binary for all bundles, each of which links to it. */
    private static final Path SHARED = share();

    private Busybox() {}

    /** The copy, on the host. */
    public static Path path() {
        return SHARED;
    }

    private static Path share() {
        try {
            Path copy = Files.createTempFile("busybox", "");
            copy.toFile().deleteOnExit();
            Files.copy(Path.of(BINARY), copy, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(
                    copy, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes {@code rootfs} a directory from which busybox can be run. */
    public static void install(Path rootfs) {
        try {
            Path bin = Files.createDirectories(rootfs.resolve("bin"));
            Files.createLink(bin.resolve("busybox"), SHARED);
            for (String applet : APPLETS) {
                Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
            }
            for (String name : List.of("dev", "etc", "proc", "sys", "tmp")) {
                Files.createDirectory(rootfs.resolve(name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
