// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container;

import io.jrunc.container.model.ProcessSpawner;
import io.jrunc.container.model.Streams;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.child.ChildKernel;
import io.jrunc.linux.child.ChildProgram;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.setup.SetupContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * For programs that embed this library: processes are children of this JVM, and their standard
 * streams are {@code /dev/null} where no {@link Streams} say otherwise. Hooks have a parent of
 * their own, a process of some kilobytes that lives until this is closed. Safe for use by several
 * threads.
 */
public final class JvmSpawner implements ProcessSpawner, AutoCloseable {
    private final boolean dieWithJvm;
    private SetupContext.@Nullable Spawned hookParent;

    /** One whose containers run on if this JVM is killed. */
    public JvmSpawner() {
        this(false);
    }

    private JvmSpawner(boolean dieWithJvm) {
        this.dieWithJvm = dieWithJvm;
    }

    /**
     * One whose containers end and are removed when this JVM ends, be it by {@code kill -9}, unless
     * they were handed over; poststop hooks do not run then. On cgroup v1, a container without a
     * pid namespace of its own loses its init only.
     */
    public static JvmSpawner dieWithJvm() {
        return new JvmSpawner(true);
    }

    @Override
    @SuppressWarnings("exports") // for the command line
    public SetupContext.Spawned spawn(String name, int preserved) {
        if (preserved > 0) {
            throw Failure.unsupported(
                    "preserved descriptors", "those of a JVM are its own, from 3 on; pass none");
        }
        try (Fd program = ChildProgram.sealed()) {
            ChildProgram.Spawned spawned = ChildProgram.spawn(program, name);
            ChildKernel kernel = spawned.kernel();
            return new SetupContext.Spawned(kernel, spawned.pid());
        }
    }

    @Override
    public synchronized Kernel hookParent() {
        if (hookParent != null && ((ChildKernel) hookParent.kernel()).isOver()) {
            close(); // its last conversation broke off
        }
        SetupContext.Spawned parent = hookParent;
        if (parent == null) {
            parent = spawn("hooks", 0);
            hookParent = parent;
        }
        return parent.kernel();
    }

    @Override
    public synchronized void close() {
        if (hookParent != null) {
            hookParent.kernel().close();
            reap(hookParent.pid());
            hookParent = null;
        }
    }

    @Override
    public void reap(int pid) {
        LocalKernel.get().processes().reap(pid);
    }

    @Override
    public void setCleanup(Consumer<Kernel> removal) {
        // A JVM that dies has no launcher to tidy up after it: `delete --force` does.
    }

    @Override
    public boolean endsContainers() {
        return dieWithJvm;
    }

    @Override
    public Kernel caller() {
        return LocalKernel.get();
    }

    @Override
    public List<String> environment() {
        List<String> environment = new ArrayList<>();
        for (Map.Entry<String, String> variable : System.getenv().entrySet()) {
            environment.add(variable.getKey() + "=" + variable.getValue());
        }
        return environment;
    }
}
