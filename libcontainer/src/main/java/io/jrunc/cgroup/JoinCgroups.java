// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Fd;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.Set;

/**
 * Init joins its v1 cgroups. Late, so that what the set-up needed is not charged to the container,
 * and by itself: moving another process would wait for an RCU grace period of some 10 ms.
 */
public record JoinCgroups(boolean newNamespace) implements Step {
    @Override
    public String title() {
        return newNamespace ? "join the cgroups and hide what is above them" : "join the cgroups";
    }

    @Override
    public String field() {
        return "linux.cgroupsPath";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        for (Fd tasks : context.cgroups().tasks()) {
            context.init().files().write(tasks, "0");
        }
        // After joining: the root of the new namespace is where its creator is.
        if (newNamespace) {
            context.init().processes().unshare(Set.of(CloneFlag.NEWCGROUP));
        }
        context.init()
                .then(
                        () -> {
                            for (Fd tasks : context.cgroups().tasks()) {
                                tasks.close();
                            }
                        });
    }
}
