// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.credentials.Identity;
import io.jrunc.linux.Arg;
import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Syscall;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;

/** Goes to the working directory, and makes sure that it is inside. */
record EnterDirectory(String cwd, Identity identity) implements Step {
    @Override
    public String title() {
        return "enter " + cwd;
    }

    @Override
    public String field() {
        return "process.cwd";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        Kernel init = context.init();
        init.attempt(
                () -> init.files().chdir(cwd).submit(), failure -> enterAsUser(context, failure));
        Arg.Out path = Arg.out(4096);
        Arg length = Arg.of(4096);
        Call call = new Call(init, Syscall.GETCWD, cwd, path, length).tolerate(Errno.ENOENT);
        call.submit();
        init.then(() -> verify(call, path));
    }

    /** A directory that only its owner may enter, e.g. on NFS. */
    private void enterAsUser(SetupContext context, Failure failure) {
        if (!failure.is(Errno.EACCES) && !failure.is(Errno.EPERM)) {
            throw failure;
        }
        Kernel init = context.init();
        identity.keepingGroups(context.keepsGroups()).assume(init);
        init.files().chdir(cwd).submit();
        identity.resume(init);
    }

    /** CVE-2024-21626: a directory outside the root has no path here. getcwd(2). */
    private static void verify(Call call, Arg.Out path) {
        boolean gone = call.result() < 0;
        if (gone || call.result() > 0 && path.bytes()[0] != '/') {
            throw Failure.of(
                    Failure.Code.BREAKOUT,
                    "current working directory is outside of container mount namespace root --"
                            + " possible container breakout detected");
        }
    }
}
