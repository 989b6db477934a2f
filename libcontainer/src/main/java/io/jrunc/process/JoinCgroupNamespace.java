package io.jrunc.process;

import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Fd;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;

/**
 * Init joins a cgroup namespace, once it is in its cgroup. Where cgroup v2 is mounted with {@code
 * nsdelegate}, as by systemd, a stage that had joined it could not put init there: the stage itself
 * is outside of what it sees then, and clone3 says ENOENT. Source: cgroups(7).
 */
public record JoinCgroupNamespace(JoinNamespaces.Joined namespace) implements Step {
    @Override
    public String title() {
        return "join " + namespace.path();
    }

    @Override
    public String field() {
        return "linux.namespaces";
    }

    @Override
    public void apply(Scene scene) {
        try (Fd open = namespace.openedFor(scene.runtime())) {
            scene.init().processes().joinNamespace(open, CloneFlag.NEWCGROUP).submit();
            scene.init().flush();
        }
    }
}
