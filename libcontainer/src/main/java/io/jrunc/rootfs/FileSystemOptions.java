// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Mounts;
import java.nio.charset.StandardCharsets;

/** The options that are for the file system, not for the mount. fsconfig(2). */
final class FileSystemOptions {
    private FileSystemOptions() {}

    /** Options without a value that every file system has: {@code sync}. */
    static void setFlags(Mounts mounts, Fd fileSystem, MountOptions options) {
        for (String flag : options.fileSystemFlags()) {
            if (flag.equals("iversion")) {
                // mount(2) accepted it for all; now a file system counts versions or does not.
                mounts.configureIfKnown(fileSystem, flag);
            } else {
                mounts.configure(fileSystem, flag);
            }
        }
    }

    /** Options of this type of file system: {@code size=64k}. */
    static void setData(Mounts mounts, Fd fileSystem, MountOptions options) {
        for (String option : options.data()) {
            setDatum(mounts, fileSystem, option);
        }
    }

    private static void setDatum(Mounts mounts, Fd fileSystem, String option) {
        int equals = option.indexOf('=');
        if (equals < 0) {
            mounts.configure(fileSystem, option);
            return;
        }
        String key = option.substring(0, equals);
        String value = option.substring(equals + 1);
        if (value.getBytes(StandardCharsets.UTF_8).length > Mounts.MAX_VALUE_BYTES) {
            throw Failure.of(
                    Failure.Code.MOUNT,
                    "option "
                            + key
                            + " is longer than the "
                            + Mounts.MAX_VALUE_BYTES
                            + " bytes that the kernel takes here; shorten it");
        }
        boolean quoted = value.startsWith("\"");
        mounts.configure(fileSystem, key, quoted ? MountContext.unquoted(key, value) : value);
    }

    /** Of the options of this type of file system, the context alone. */
    static void setContext(Mounts mounts, Fd fileSystem, MountOptions options) {
        for (String option : options.data()) {
            if (MountContext.isContext(option)) {
                setDatum(mounts, fileSystem, option);
            }
        }
    }

    /** Returns whether there is an option {@code key=…}. */
    static boolean has(MountOptions options, String key) {
        for (String option : options.data()) {
            if (option.startsWith(key + "=")) {
                return true;
            }
        }
        return false;
    }

    /** Returns the failure, with what the file system itself has to say. */
    static Failure explained(Mounts mounts, Fd fileSystem, Failure failure) {
        String complaints = failure.is(Errno.EINVAL) ? mounts.complaints(fileSystem) : "";
        return complaints.isEmpty() ? failure : failure.during(complaints);
    }
}
