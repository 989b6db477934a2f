// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Stat;
import io.jrunc.linux.StatResult;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.IdMapping;
import java.util.List;
import java.util.OptionalLong;

/**
 * Makes the program's user the owner of the standard streams, so that programs can reopen
 * /dev/stdout: of the container's own terminal, and of pipes. A file, a named pipe, a device or a
 * terminal of the caller keeps its owner.
 *
 * @param terminal whether they are the container's own terminal
 */
record OwnStreams(long uid, boolean terminal) implements Step {
    private static final int STREAMS = 3;
    private static final int UNCHANGED = -1;
    private static final long PIPEFS_MAGIC = 0x50495045;

    /** What owners look like that a user namespace does not map. */
    private static final int UNMAPPED = 65534;

    @Override
    public String title() {
        return "give the standard streams to uid " + uid;
    }

    @Override
    public String field() {
        return "process.user.uid";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        Kernel init = context.init();
        for (int number = 0; number < STREAMS; number++) {
            Fd stream = Fd.of(init, number, "stream " + number);
            StatResult found = init.files().statResult(stream);
            init.then(() -> decide(context, stream, found));
        }
    }

    private void decide(SetupContext context, Fd stream, StatResult found) {
        Stat stat = found.stat();
        boolean foreign = stat.uid() != uid || stat.uid() == UNMAPPED;
        // A pipe with a name in a file system would be given away for good.
        if (foreign && (terminal || stat.isPipe() && found.fileSystemType() == PIPEFS_MAGIC)) {
            give(context, stream);
        }
    }

    private void give(SetupContext context, Fd stream) {
        Call chown =
                context.init()
                        .files()
                        .chown(stream, (int) uid, UNCHANGED)
                        .tolerate(Errno.EPERM, Errno.EROFS, Errno.EINVAL)
                        .submit();
        if (!terminal && chown.error().isPresent()) {
            giveFromOutside(context, stream);
        }
    }

    /** In a user namespace that does not map the caller, init has no power over his pipes. */
    private void giveFromOutside(SetupContext context, Fd stream) {
        OptionalLong outside = IdMapping.outside(mappings(context), uid);
        if (outside.isEmpty()) {
            return;
        }
        try (Fd here = context.export(stream)) {
            context.runtime()
                    .files()
                    .chown(here, (int) outside.getAsLong(), UNCHANGED)
                    .tolerateAll()
                    .submit();
        }
    }

    /**
     * Returns those of init's user namespace, which may have been joined; none if they cannot be
     * read.
     */
    private static List<IdMapping> mappings(SetupContext context) {
        try {
            String map = "/proc/" + context.initPid() + "/uid_map";
            return IdMapping.parse(context.runtime().files().readText(map));
        } catch (Failure f) {
            return List.of(); // then the streams are what the caller made them
        }
    }
}
