// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.linux.Kernel;
import io.jrunc.rootfs.ImageFile;
import io.jrunc.rootfs.ImageFiles;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Looks the user's home directory up in the image. passwd(5). */
record FindHome(long uid) implements Step {
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
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        Supplier<ImageFile> asked =
                new ImageFiles(context).askInRoot(context.root(), "/etc/passwd");
        context.init().then(() -> read(context, asked));
    }

    private void read(SetupContext context, Supplier<ImageFile> asked) {
        Kernel runtime = context.runtime();
        try (ImageFile passwd = asked.get()) {
            if (passwd.isReadable()) {
                byte[] bytes = runtime.files().read(passwd.content(), passwd.length(MAX_BYTES));
                context.program()
                        .setHome(
                                Environment.homeOf(uid, new String(bytes, StandardCharsets.UTF_8)));
            }
        }
    }
}
