package io.jrunc.process;

import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Fd;
import io.jrunc.linux.OpenFlag;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;

/**
 * Init joins a cgroup namespace, once it is in its cgroup. Where cgroup v2 is mounted with {@code
 * nsdelegate}, as by systemd, a stage that had joined it could not put init there: the stage itself
 * is outside of what it sees then, and clone3 says ENOENT. Source: cgroups(7).
 */
public record JoinCgroupNamespace(String path) implements Step {
    @Override
    public String title() {
        return "join " + path;
    }

    @Override
    public String field() {
        return "linux.namespaces";
    }

    @Override
    public void apply(Scene scene) {
        try (Fd namespace = scene.runtime().files().open(path, OpenFlag.RDONLY)) {
            scene.init().processes().joinNamespace(namespace, CloneFlag.NEWCGROUP).submit();
            scene.init().flush();
        }
    }
}
