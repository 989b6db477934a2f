// SPDX-License-Identifier: Apache-2.0
package io.jrunc.namespace;

import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Fd;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;

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
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        Fd open = namespace.openedFor(context.runtime());
        context.init().processes().joinNamespace(open, CloneFlag.NEWCGROUP).submit();
        context.init().then(open::close);
    }
}
