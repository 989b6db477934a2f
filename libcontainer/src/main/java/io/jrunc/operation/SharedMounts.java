// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.linux.Kernel;
import io.jrunc.rootfs.BindRoot;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import io.jrunc.state.StateDirectory;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The mounts of a container without a mount namespace: they do not end with its processes. */
record SharedMounts(Kernel kernel, StateDirectory directory, String rootfs) {

    /** Notes, before anything is mounted, what was there before. */
    void prepare(Spec spec) {
        if (spec.linux().namespace(NamespaceType.MOUNT).isEmpty()) {
            int before = BindRoot.count(kernel, rootfs);
            byte[] text = Integer.toString(before).getBytes(StandardCharsets.UTF_8);
            directory.write(StateDirectory.MOUNTS, text);
        }
    }

    /** Unmounts what was mounted since. */
    void unmount() {
        Optional<byte[]> before = directory.read(StateDirectory.MOUNTS);
        if (before.isPresent()) {
            int count = Integer.parseInt(new String(before.get(), StandardCharsets.UTF_8));
            BindRoot.unmount(kernel, rootfs, count);
        }
    }
}
