// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** An interpreter of WebAssembly: the host's, or Debian 13's beside the host's programs. */
public final class WasmEdge {
    private static final Path INSTALLED = Path.of("/usr/bin/wasmedge");

    /** Where {@code scripts/install-dependencies test} unpacks it. */
    private static final Path ASIDE = Path.of("/var/cache/jrunc-tests/debian13/usr");

    private WasmEdge() {}

    static boolean isThere() {
        return Files.exists(INSTALLED) || Files.exists(ASIDE.resolve("bin/wasmedge"));
    }

    /** Options that lead to a handler which knows where it is. */
    public static List<String> table() {
        if (Files.exists(INSTALLED)) {
            return List.of();
        }
        Path libraries = ASIDE.resolve("lib/" + architecture() + "-linux-gnu");
        var entry = Json.MAPPER.createObjectNode().put("name", "wasm");
        entry.putArray("annotations").add("module.wasm.image/variant=compat");
        entry.putArray("suffixes").add(".wasm");
        entry.put("signature", "0061736d");
        entry.put("program", ASIDE.resolve("bin/wasmedge").toString());
        String loader =
                architecture().equals("x86_64") ? "ld-linux-x86-64.so.2" : "ld-linux-aarch64.so.1";
        entry.put("loader", libraries.resolve(loader).toString());
        entry.putArray("libraryPath").add(libraries.toString());
        entry.putArray("args").add("--dir").add("/:/");
        entry.put("environmentOption", "--env");
        Path directory = Sandbox.current().freshDirectory("handlers");
        try {
            var permissions = PosixFilePermissions.fromString("rwxr-xr-x");
            Files.setPosixFilePermissions(directory, permissions);
            Path file = Files.writeString(directory.resolve("wasm.json"), entry.toString());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return List.of("--handlers", directory.toString());
    }

    private static String architecture() {
        return System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch64";
    }

    /** The module of {@code hello.wat}. */
    public static byte[] hello() throws IOException {
        try (InputStream module = WasmEdge.class.getResourceAsStream("/handler/hello.wasm")) {
            return module.readAllBytes();
        }
    }
}
