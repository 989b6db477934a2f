// SPDX-License-Identifier: Apache-2.0
package io.jrunc.namespace;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.NamespaceType;

/**
 * Makes sure that a namespace which is joined by its path is not the runtime's own: a system
 * control there would change the host.
 *
 * @param type NETWORK, IPC or UTS
 * @param key of {@code linux.sysctl} that would
 */
record RequireOtherNamespace(NamespaceType type, String key) implements Step {
    @Override
    public Actor actor() {
        return Actor.RUNTIME;
    }

    @Override
    public String title() {
        return "make sure that " + key + " is not the host's";
    }

    @Override
    public String field() {
        return "linux.sysctl";
    }

    @Override
    public void apply(SetupContext context) {
        Files files = context.runtime().files();
        String name = type == NamespaceType.NETWORK ? "net" : type.specName();
        try (Fd own = files.open("/proc/thread-self/ns/" + name, OpenFlag.RDONLY);
                Fd joined =
                        files.open("/proc/" + context.initPid() + "/ns/" + name, OpenFlag.RDONLY)) {
            if (files.stat(own).inode() == files.stat(joined).inode()) {
                throw Failure.invalid(
                        "linux.sysctl[\"" + key + "\"]",
                        "the namespace of type "
                                + type.specName()
                                + " is the runtime's own, so it would change the host",
                        "remove it, or the path of the namespace");
            }
        }
    }
}
