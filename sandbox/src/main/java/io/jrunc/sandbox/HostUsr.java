// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A root file system of the host's programs: {@code /usr}, the links to it or directories beside
 * it, and as much of {@code /etc} as programs of any distribution need.
 */
final class HostUsr {
    /** On hosts of today, links into /usr. */
    private static final List<String> BESIDE =
            List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32");

    /** What libraries and links in /usr lead to. None of it is secret. */
    private static final List<String> SETTINGS =
            List.of("alternatives", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime");

    private static final String PASSWD =
            "root:x:0:0:root:/tmp:/bin/sh\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n";
    private static final String GROUP = "root:x:0:\nnogroup:x:65534:\n";

    private HostUsr() {}

    /** Writes its own files, and the host's links, to an empty directory. */
    static void prepare(Path root) throws IOException {
        for (String name : BESIDE) {
            copyLink(Path.of("/", name), root.resolve(name));
        }
        Path etc = Files.createDirectory(root.resolve("etc"));
        Files.writeString(etc.resolve("passwd"), PASSWD);
        Files.writeString(etc.resolve("group"), GROUP);
        Files.writeString(etc.resolve("hosts"), "127.0.0.1 localhost\n");
        for (String name : SETTINGS) {
            copyLink(Path.of("/etc", name), etc.resolve(name));
        }
    }

    private static void copyLink(Path host, Path copy) throws IOException {
        if (Files.isSymbolicLink(host)) {
            Files.createSymbolicLink(copy, Files.readSymbolicLink(host));
        }
    }

    /** Returns what of the host is shown in it. */
    static List<Settings.Binding> shown() {
        List<Settings.Binding> shown = new ArrayList<>();
        shown.add(shown("/usr"));
        for (String name : BESIDE) {
            Path host = Path.of("/", name);
            if (!Files.isSymbolicLink(host) && Files.isDirectory(host)) {
                shown.add(shown(host.toString()));
            }
        }
        for (String name : SETTINGS) {
            Path host = Path.of("/etc", name);
            if (!Files.isSymbolicLink(host) && Files.exists(host)) {
                shown.add(shown(host.toString()));
            }
        }
        return shown;
    }

    private static Settings.Binding shown(String path) {
        return new Settings.Binding(Path.of(path), path, false);
    }
}
