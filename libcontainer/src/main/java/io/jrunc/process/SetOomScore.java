// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;

/** Sets how likely the kernel is to kill the container when memory runs out. proc(5). */
record SetOomScore(int score) implements Step {
    private static final String FILE = "/proc/self/oom_score_adj";

    @Override
    public Actor actor() {
        return Actor.STAGE;
    }

    @Override
    public String title() {
        return "set oom_score_adj to " + score;
    }

    @Override
    public String field() {
        return "process.oomScoreAdj";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        Files files = context.stage().files();
        context.stage()
                .attempt(
                        () -> {
                            try (Fd file = files.open(FILE, OpenFlag.WRONLY)) {
                                files.write(file, Integer.toString(score));
                            }
                        },
                        failure -> {
                            throw failure.is(Errno.EACCES)
                                    ? failure.during(
                                            "lowering it needs CAP_SYS_RESOURCE on the host")
                                    : failure;
                        });
    }
}
