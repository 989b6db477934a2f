// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.guard;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.container.Container;
import io.jrunc.container.ContainerEvents;
import io.jrunc.container.Containers;
import io.jrunc.container.JvmSpawner;
import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.host.Host;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.local.LocalKernel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A program that embeds the library. */
public final class EmbeddingMain {
    private EmbeddingMain() {}

    /**
     * Runs a container.
     *
     * @param args the state directory, the bundle, the id, and what to do: {@code wait} for the
     *     container's end, {@code die} with it or {@code leave} it
     */
    public static void main(String[] args) throws Exception {
        Kernel kernel = LocalKernel.get();
        Host host = Host.read(false);
        JvmSpawner spawner = args[3].equals("wait") ? new JvmSpawner() : JvmSpawner.dieWithJvm();
        Containers containers = new Containers(kernel, args[0], spawner);
        Bundle bundle = Bundle.read(kernel, args[1], Bundle.CONFIG, host.facts());
        Container made =
                containers.create(
                        args[2],
                        bundle,
                        host,
                        CgroupManager.cgroupfs(false, false),
                        CreateOptions.plain());
        System.out.println("the password is 4711");
        if (args[3].equals("wait")) {
            try (ContainerEvents events = made.events()) {
                made.start();
                events.await(Duration.ofSeconds(20));
            }
            made.close();
            spawner.close();
            return;
        }
        // From a thread that ends: the container must not.
        Thread starter = new Thread(made::start);
        starter.start();
        starter.join();
        if (args[3].equals("leave")) {
            made.handOver();
        }
        Files.writeString(Path.of(args[4]), "ready");
        Thread.sleep(Duration.ofMinutes(1).toMillis());
    }
}
