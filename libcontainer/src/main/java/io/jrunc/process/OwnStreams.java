package io.jrunc.process;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Stat;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;

/**
 * Gives the standard streams to the program's user, who could not reopen /dev/stdout otherwise.
 *
 * @param pipesOnly in the foreground the caller's files and terminal stay the caller's
 */
public record OwnStreams(long uid, boolean pipesOnly) implements Step {
    private static final int STREAMS = 3;
    private static final int UNCHANGED = -1;

    @Override
    public String title() {
        return "give the standard streams to uid " + uid;
    }

    @Override
    public String field() {
        return "process.user.uid";
    }

    @Override
    public void apply(Scene scene) {
        Kernel init = scene.init();
        for (int number = 0; number < STREAMS; number++) {
            Fd stream = Fd.of(init, number, "stream " + number);
            Stat stat = init.files().stat(stream);
            boolean nobodysOwn = stat.isCharacterDevice(1, 3);
            if (!nobodysOwn && stat.uid() != uid && (!pipesOnly || stat.isPipeOrSocket())) {
                init.files()
                        .chown(stream, (int) uid, UNCHANGED)
                        .tolerate(Errno.EPERM, Errno.EROFS, Errno.EINVAL)
                        .submit();
            }
        }
    }
}
