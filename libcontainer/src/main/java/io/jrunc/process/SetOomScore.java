// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.OpenFlag;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;

/** Sets how likely the kernel is to kill the container when memory runs out. proc(5). */
public record SetOomScore(int score) implements Step {
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
    public void apply(SetupContext context) {
        try (Fd file = context.stage().files().open("/proc/self/oom_score_adj", OpenFlag.WRONLY)) {
            context.stage().files().write(file, Integer.toString(score)).result();
        } catch (Failure f) {
            throw f.is(Errno.EACCES)
                    ? f.during("lowering it needs CAP_SYS_RESOURCE on the host")
                    : f;
        }
    }
}
