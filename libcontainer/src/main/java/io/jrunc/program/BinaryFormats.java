// SPDX-License-Identifier: Apache-2.0
package io.jrunc.program;

import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import java.util.List;

/**
 * Formats of programs beside ELF and scripts, each with the interpreter that the kernel starts for
 * it: another machine's code by way of an emulator. Source: kernel documentation, binfmt-misc.
 */
final class BinaryFormats {
    private static final String REGISTRY = "/proc/sys/fs/binfmt_misc";

    private BinaryFormats() {}

    /** Returns whether there may be some; they are there even if nothing shows them here. */
    static boolean mayBeRegistered(Kernel runtime) {
        Files files = runtime.files();
        if (!files.readText("/proc/filesystems").contains("binfmt_misc")) {
            return false;
        }
        try (Fd registry = files.openIfReadable(REGISTRY, OpenFlag.DIRECTORY)) {
            List<String> names =
                    registry.isOpen() ? runtime.directories().list(registry) : List.of();
            boolean shown = names.contains("status");
            return !shown || names.size() > 2; // "register" and "status" are always there
        }
    }
}
