// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;

/**
 * {@link Busybox} as an image, in the archive that {@code docker save} writes and that all engines
 * load: {@code manifest.json}, the image's configuration, and a layer. No registry is needed.
 */
public final class BusyboxImage {
    public static final String NAME = "docker.io/library/box:latest";
    private static final Map<String, String> ARCHITECTURES =
            Map.of("amd64", "amd64", "aarch64", "arm64");

    private BusyboxImage() {}

    /** Makes the archive in a new directory of the sandbox. */
    public static Path archive(Sandbox sandbox) {
        return archive(sandbox, NAME, List.of("/bin/sh"));
    }

    /** The same with another name and program. */
    public static Path archive(Sandbox sandbox, String name, List<String> program) {
        Path parts = sandbox.freshDirectory("image");
        Path layer = parts.resolve("layer.tar");
        Path rootfs = sandbox.freshDirectory("rootfs");
        Busybox.install(rootfs);
        tar(sandbox, rootfs, layer);
        write(parts.resolve("config.json"), configuration(layer, program));
        write(
                parts.resolve("manifest.json"),
                List.of(
                        Map.of(
                                "Config", "config.json",
                                "RepoTags", List.of(name),
                                "Layers", List.of("layer.tar"))));
        Path archive = sandbox.freshFile("archive.tar");
        tar(sandbox, parts, archive);
        return archive;
    }

    private static Map<String, Object> configuration(Path layer, List<String> program) {
        String machine = System.getProperty("os.arch");
        return Map.of(
                "architecture",
                ARCHITECTURES.getOrDefault(machine, machine),
                "os",
                "linux",
                "config",
                Map.of("Env", List.of("PATH=/bin"), "Cmd", program),
                "rootfs",
                Map.of("type", "layers", "diff_ids", List.of("sha256:" + sha256(layer))));
    }

    private static void tar(Sandbox sandbox, Path directory, Path archive) {
        sandbox.command(
                        "tar",
                        "--owner=0",
                        "--group=0",
                        "-C",
                        directory.toString(),
                        "-cf",
                        archive.toString(),
                        ".")
                .run()
                .output();
    }

    private static void write(Path file, Object document) {
        try {
            Json.MAPPER.writeValue(file.toFile(), document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(Path file) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return String.format("%064x", new BigInteger(1, sum));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JRE has it
        }
    }
}
