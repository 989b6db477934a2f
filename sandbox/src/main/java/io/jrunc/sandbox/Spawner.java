// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import io.jrunc.container.JvmSpawner;
import io.jrunc.container.model.ProcessSpawner;
import io.jrunc.linux.Kernel;
import io.jrunc.setup.SetupContext;
import java.util.List;
import java.util.function.Consumer;

/** Starts processes as children of this JVM, which end with it; knows the handler for archives. */
record Spawner(JvmSpawner jvm, List<String> handlerDirectories) implements ProcessSpawner {
    @Override
    public SetupContext.Spawned spawn(String name, int preserved) {
        return jvm.spawn(name, preserved);
    }

    @Override
    public Kernel hookParent() {
        return jvm.hookParent();
    }

    @Override
    public void reap(int pid) {
        jvm.reap(pid);
    }

    @Override
    public void setCleanup(Consumer<Kernel> removal) {
        jvm.setCleanup(removal);
    }

    @Override
    public boolean endsContainers() {
        return jvm.endsContainers();
    }

    @Override
    public Kernel caller() {
        return jvm.caller();
    }

    @Override
    public List<String> environment() {
        return jvm.environment();
    }
}
