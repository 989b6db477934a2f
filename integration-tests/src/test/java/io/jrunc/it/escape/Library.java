// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.escape;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.container.Container;
import io.jrunc.container.Containers;
import io.jrunc.container.JvmSpawner;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.container.model.ExecOptions;
import io.jrunc.host.Host;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Sandbox;
import io.jrunc.linux.Failure;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.spec.ProcessSpec;
import java.util.Optional;
import java.util.function.Consumer;

/** The runtime in this process: a container takes milliseconds, so races have many rounds. */
final class Library implements AutoCloseable {
    private final LocalKernel kernel = LocalKernel.get();
    private final Host host = Host.read(false);
    private final JvmSpawner spawner = new JvmSpawner();
    private final Containers containers =
            new Containers(kernel, Sandbox.current().root().toString(), spawner);

    /** How many rounds a race has at least: {@code -Descape.rounds}. */
    static int rounds() {
        return Integer.getInteger("escape.rounds", 3000);
    }

    /** The same where each round takes a container, or a process, of its own. */
    static int containers() {
        return rounds() / 10;
    }

    /** Creates a container, calls {@code look}, and deletes it; returns the failure of create. */
    Optional<Failure> create(Bundle bundle, Consumer<Container> look) {
        try (Container made = make(bundle)) {
            try {
                look.accept(made);
            } finally {
                made.delete(true, warning -> {});
            }
            return Optional.empty();
        } catch (Failure f) {
            return Optional.of(f);
        }
    }

    /** A container without cgroups that waits for its start, to be deleted and closed. */
    Container make(Bundle bundle) {
        return containers.create(
                Sandbox.current().freshId(),
                read(bundle),
                host,
                CgroupManager.disabled(),
                CreateOptions.plain());
    }

    /** One that the program has made, to be closed. */
    Container load(String id) {
        return containers.load(id);
    }

    /** What a bundle says of its process. */
    ProcessSpec process(Bundle bundle) {
        return read(bundle).spec().process().orElseThrow();
    }

    /** Runs a further process in a container, to its end. */
    void exec(Container container, ProcessSpec process) {
        kernel.processes().await(container.exec(process, host, ExecOptions.plain()).pid(), true);
    }

    private io.jrunc.container.model.Bundle read(Bundle bundle) {
        String directory = bundle.write().directory().toString();
        return io.jrunc.container.model.Bundle.read(kernel, directory, "config.json", host.facts());
    }

    @Override
    public void close() {
        spawner.close();
    }
}
