package io.jrunc.it;

import static io.jrunc.it.Feature.JRUNC;
import static io.jrunc.it.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.container.Containers;
import io.jrunc.container.CreateOptions;
import io.jrunc.container.JvmSpawner;
import io.jrunc.container.Status;
import io.jrunc.linux.local.LocalKernel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The library in a program of its own: this one. */
@Requires({ROOT, JRUNC})
class EmbeddingIT {
    private static final String ID = "embedded";

    private final LocalKernel kernel = LocalKernel.get();
    private final io.jrunc.container.Host host = io.jrunc.container.Host.read(false);

    private static io.jrunc.container.Bundle read(
            Bundle bundle, LocalKernel kernel, io.jrunc.container.Host host) {
        return io.jrunc.container.Bundle.read(
                kernel, bundle.write().directory().toString(), "config.json", host.facts());
    }

    private CgroupSetup cgroups(io.jrunc.container.Bundle bundle) {
        return CgroupSetup.of(
                host.hierarchies(),
                Optional.of("/" + Sandbox.current().freshDirectory("cgroup").getFileName()),
                ID,
                bundle.spec().linux().resources(),
                false,
                false);
    }

    @Test
    void containerLivesAndDiesInsideAProgram() {
        try (JvmSpawner spawner = new JvmSpawner()) {
            Containers containers =
                    new Containers(kernel, Sandbox.current().root().toString(), spawner);
            Bundle files = Bundle.busybox().args("sh", "-c", "echo here > /proof; exec sleep 60");
            files.set("/root/readonly", false);
            Path rootfs = files.rootfs();
            var bundle = read(files, kernel, host);

            int pid;
            try (io.jrunc.container.Container made =
                    containers.create(ID, bundle, host, cgroups(bundle), CreateOptions.plain())) {
                assertEquals(Status.CREATED, made.status());
                pid = made.initPid();
                assertFalse(Files.exists(rootfs.resolve("proof")));
                made.start();
                assertEquals(Status.RUNNING, made.status());
                Path proof = rootfs.resolve("proof");
                assertTrue(Host.becomes(3000, () -> Files.exists(proof)));
                made.delete(true, warning -> {});
            }

            assertNull(containers.find(ID));
            assertFalse(Files.exists(Path.of("/proc/" + pid)), "init was not collected");
        }
    }
}
