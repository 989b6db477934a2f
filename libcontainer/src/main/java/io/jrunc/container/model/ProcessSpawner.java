// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import io.jrunc.linux.Kernel;
import io.jrunc.linux.child.ChildKernel;
import io.jrunc.setup.SetupContext;
import java.util.List;
import java.util.function.Consumer;

/** Starts processes: as children of this JVM, or of the launcher. */
@SuppressWarnings("exports") // for the command line
public interface ProcessSpawner {
    /**
     * Starts the child's program. Its standard streams are those of the caller of a command; in a
     * program that embeds the library, they are {@code /dev/null}.
     *
     * @param preserved how many descriptors from 3 on it inherits as well
     */
    SetupContext.Spawned spawn(String name, int preserved);

    /**
     * Returns a process in this one's namespaces that makes calls for Java: the parent of hooks.
     */
    Kernel hookParent();

    /** Collects a process of {@link #spawn} that has ended or is about to. */
    void reap(int pid);

    /** As {@link #reap}, at the latest with the last thing that is done: nothing waits for it. */
    default void reapLater(int pid) {
        reap(pid);
    }

    /**
     * Leaves word what to do if this process ends before it has finished: {@code removal} submits
     * the calls.
     */
    void setCleanup(Consumer<Kernel> removal);

    /**
     * Names a conversation with a process that this spawner has not started: it ends when the
     * caller is gone, too.
     */
    default void include(ChildKernel conversation) {}

    /** Whether containers are to end when this process does, however it ends. */
    boolean endsContainers();

    /**
     * The process that asked: a path means what it means there, with that process's working
     * directory, root and descriptors.
     */
    Kernel caller();

    /**
     * Whether the caller allows an annotation that opens a path of the host, or keeps a right of
     * the caller: engines copy annotations from images. Names as in {@code CrunAnnotations}.
     */
    default boolean allows(String annotation) {
        return false;
    }

    /** Returns where handlers are described, the directory that counts most first. */
    default List<String> handlerDirectories() {
        return List.of("/etc/jrunc/handlers.d");
    }

    /** Returns the caller's environment, for hooks that have none of their own. */
    List<String> environment();
}
