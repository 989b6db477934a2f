// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.guard;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.container.Container;
import io.jrunc.container.Containers;
import io.jrunc.container.JvmSpawner;
import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.ContainerProcess;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.container.model.ExecOptions;
import io.jrunc.host.Host;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.process.Activation;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.json.SpecReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A program that embeds the library, has each of its system calls fail in turn, and prints a line
 * for each: number, call, errno, outcome, what was leaked; between tabs.
 *
 * <p>{@code SabotagedMain COMMAND BUNDLE ROOT ID CONSOLE-SOCKET ERRNO...}; the n-th call fails with
 * the n-th errno, and after the last with the first again.
 */
public final class SabotagedMain {
    /** {@code -Dfault.call=N}: that call only. */
    private static final long LOST_NANOS = 2_000_000_000;

    private static final int ONLY = Integer.getInteger("fault.call", 0);

    /** {@code -Dfault.every=N}: every n-th call. */
    private static final int EVERY = Integer.getInteger("fault.every", 1);

    private static final byte[] FURTHER_PROCESS =
            "{\"cwd\": \"/\", \"args\": [\"/bin/true\"]}".getBytes(StandardCharsets.UTF_8);

    private static final String FAILED = "failed ";

    private static final ExecOptions EXEC = ExecOptions.plain();

    private final String command;
    private final String bundleDirectory;
    private final Path root;
    private final String id;
    private final CreateOptions options;
    private final List<Errno> errnos;
    private final JvmSpawner spawner = new JvmSpawner();
    private final Host host = Host.read(false);
    private final Containers containers;

    private SabotagedMain(String[] args) {
        command = args[0];
        bundleDirectory = args[1];
        root = Path.of(args[2]);
        id = args[3];
        options =
                new CreateOptions(
                        Optional.of(args[4]).filter(path -> !path.isEmpty()),
                        Optional.of(root.resolveSibling("pid").toString()),
                        Optional.empty(),
                        false,
                        false,
                        0,
                        Activation.NONE,
                        false,
                        false,
                        Optional.empty(),
                        CreateOptions.UNWATCHED);
        errnos = List.of(args).subList(5, args.length).stream().map(Errno::valueOf).toList();
        containers = new Containers(LocalKernel.get(), root.toString(), spawner);
    }

    /** Makes all calls fail, one after the other. */
    public static void main(String[] args) {
        new SabotagedMain(args).run();
    }

    private void run() {
        try (spawner) {
            rehearse();
            int call = ONLY > 0 ? ONLY : 1;
            while (attempt(call, errnos.get((call - 1) % errnos.size())) && ONLY == 0) {
                call += EVERY;
            }
        }
    }

    /** Once without trouble: what the JVM opens now it keeps. */
    private void rehearse() {
        Container container = make("create");
        container.start();
        further(container);
        container.delete(true, warning -> {});
        letGo(container);
        spawner.close();
    }

    private static void letGo(Container container) {
        container.terminal().ifPresent(Fd::close);
        container.close();
    }

    /** Says whether there were so many calls. */
    private boolean attempt(int at, Errno errno) {
        Leaks leaks = Leaks.from(id, root);
        Saboteur saboteur = new Saboteur(at, errno);
        String outcome =
                switch (command) {
                    case "create", "run" -> outcome(saboteur, () -> letGo(make(command)));
                    default -> existing(saboteur);
                };
        if (command.equals("exec") && outcome.startsWith(FAILED + "create init: recvmsg")) {
            collectTheLost();
        }
        if (!outcome.startsWith(FAILED) || !isMaking()) {
            remove();
        }
        spawner.close(); // the parent of hooks is no leak: it lives until then
        System.out.println(
                String.join(
                        "\t", "" + at, saboteur.done(), "" + errno, outcome, "" + leaks.found()));
        remove();
        spawner.close();
        return !saboteur.done().isEmpty();
    }

    /**
     * Reaps children after the message with the pid of a process of exec was lost: the process
     * ends, but until it is reaped, the container's init cannot end. pid_namespaces(7). With a
     * launcher, its end does this.
     */
    private void collectTheLost() {
        long patience = System.nanoTime() + LOST_NANOS;
        boolean found = false;
        while (!found && System.nanoTime() < patience) {
            for (ProcessHandle child : ProcessHandle.current().children().toList()) {
                if (hasEnded(child.pid())) {
                    spawner.reap((int) child.pid());
                    found = true;
                }
            }
        }
    }

    private static boolean hasEnded(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
        } catch (IOException e) {
            return false; // it was collected just now
        }
    }

    private boolean isMaking() {
        return command.equals("create") || command.equals("run");
    }

    private String existing(Saboteur saboteur) {
        Container container = make("create");
        if (!command.equals("start")) {
            container.start();
        }
        Runnable action =
                switch (command) {
                    case "start" -> container::start;
                    case "exec" -> () -> further(container);
                    case "delete" -> () -> container.delete(true, warning -> {});
                    default -> throw new IllegalArgumentException(command);
                };
        String outcome = outcome(saboteur, action);
        letGo(container);
        return outcome;
    }

    private Container make(String how) {
        Bundle bundle =
                Bundle.read(LocalKernel.get(), bundleDirectory, Bundle.CONFIG, host.facts());
        CgroupManager cgroups = CgroupManager.cgroupfs(false, false);
        Container made =
                how.equals("run")
                        ? containers.run(id, bundle, host, cgroups, options)
                        : containers.create(id, bundle, host, cgroups, options);
        made.handOver(); // to what removes it after the attempt
        return made;
    }

    private void further(Container container) {
        ProcessSpec process = SpecReader.readProcess(FURTHER_PROCESS, "process");
        ContainerProcess running = container.exec(process, host, EXEC);
        Guards.post(Guards.NONE);
        spawner.reap(running.pid());
    }

    private static String outcome(Saboteur saboteur, Runnable attempt) {
        Guards.post(saboteur);
        try {
            attempt.run();
            return "succeeded";
        } catch (Failure f) {
            return FAILED + f.getMessage().replace("\n", "\\n");
        } catch (RuntimeException e) {
            StringBuilder where = new StringBuilder("broke ").append(e);
            for (StackTraceElement element : e.getStackTrace()) {
                where.append(" at ").append(element);
            }
            return where.toString();
        } finally {
            Guards.post(Guards.NONE);
        }
    }

    private void remove() {
        try (Container left = containers.find(id).orElse(null)) {
            if (left == null) {
                containers.sweep(id);
            } else {
                left.delete(true, warning -> {});
            }
        }
    }
}
