package io.jrunc.process;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;

/** Looks the user's home directory up in the image. passwd(5). */
public record FindHome(long uid) implements Step {
    private static final int MAX_BYTES = 1 << 20;

    @Override
    public String title() {
        return "look up the home directory of uid " + uid;
    }

    @Override
    public String field() {
        return "process.env";
    }

    @Override
    public void apply(Scene scene) {
        Files files = scene.init().files();
        // NONBLOCK: what is called passwd in a hostile image may be a pipe that nobody writes to.
        EnumSet<OpenFlag> flags = EnumSet.of(OpenFlag.RDONLY, OpenFlag.NONBLOCK, OpenFlag.NOCTTY);
        try (Fd passwd =
                files.openInRoot(
                        scene.root(),
                        "/etc/passwd",
                        flags,
                        Errno.ENOENT,
                        Errno.ENOTDIR,
                        Errno.ENXIO,
                        Errno.ELOOP)) {
            if (passwd.isOpen() && files.stat(passwd).isRegularFile()) {
                String text = new String(files.read(passwd, MAX_BYTES), StandardCharsets.UTF_8);
                scene.homeIs(Environment.homeOf(uid, text));
            }
        }
    }
}
