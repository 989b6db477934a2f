// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.record;

import io.jrunc.container.model.Bundle;
import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Kernel;
import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.FilterFlag;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SeccompFlags;
import io.jrunc.spec.json.SeccompWriter;
import io.jrunc.spec.json.SpecDocument;
import io.jrunc.spec.json.SpecReader;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A bundle with a filter that asks a listener about every call of every architecture. */
public final class RecordedBundle {
    /**
     * Without the second a signal takes back a call that waits for its answer, and a program gets
     * EINTR where it would get none otherwise. Before Linux 5.19 this has to be put up with.
     */
    private static final List<FilterFlag> WANTED =
            List.of(FilterFlag.SPEC_ALLOW, FilterFlag.WAIT_KILLABLE_RECV);

    private RecordedBundle() {}

    /**
     * Returns the bundle to make the container from; its own filter, if it has one, is left out.
     * What {@code exec} brings into the container later asks the same listener.
     */
    public static Bundle of(Kernel kernel, Bundle bundle, String listenerPath) {
        Seccomp everything = everything(listenerPath, Optional.of(WANTED));
        Call check =
                kernel.credentials()
                        .checkFilterFlags(SeccompFlags.of(everything))
                        .tolerate(Errno.EINVAL)
                        .submit();
        if (check.failedWith(Errno.EINVAL)) {
            everything = everything(listenerPath, Optional.empty());
        }
        SpecDocument document = SpecDocument.parse(bundle.config());
        document.set("/linux/seccomp", SeccompWriter.text(everything));
        byte[] config = document.text();
        return new Bundle(bundle.directory(), config, SpecReader.read(config), bundle.warnings());
    }

    private static Seccomp everything(String listenerPath, Optional<List<FilterFlag>> flags) {
        return new Seccomp(
                Action.NOTIFY,
                OptionalInt.empty(),
                Architecture.runnableHere(),
                flags,
                Optional.of(listenerPath),
                Optional.empty(),
                List.of());
    }
}
