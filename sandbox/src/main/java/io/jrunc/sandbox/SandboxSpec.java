// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import io.jrunc.host.Host;
import io.jrunc.host.UnusedIds;
import io.jrunc.linux.Failure;
import io.jrunc.spec.Cpu;
import io.jrunc.spec.IdMapping;
import io.jrunc.spec.Linux;
import io.jrunc.spec.Memory;
import io.jrunc.spec.Mount;
import io.jrunc.spec.Pids;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Resources;
import io.jrunc.spec.Root;
import io.jrunc.spec.Spec;
import io.jrunc.spec.template.HardenedSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Makes the specification of a sandbox: {@link HardenedSpec}, with the limits and mounts that the
 * calling program asks for, and without mounts that few programs need.
 */
final class SandboxSpec {
    private static final long SMALL_TMPFS = 1 << 20;
    private static final List<String> LIMITED = List.of("memory", "pids", "cpu");
    private static final List<String> SAFE = List.of("nosuid", "nodev");

    private final Settings settings;
    private final Facilities facilities;
    private final List<IdMapping> uids;
    private final List<IdMapping> gids;

    /**
     * Decides which ids of the host it has.
     *
     * @param place its name; sandboxes of another place or with other settings have other ids as a
     *     rule
     */
    SandboxSpec(Settings settings, Facilities facilities, String place) {
        this.settings = settings;
        this.facilities = facilities;
        if (facilities.isPrivileged()) {
            IdMapping many =
                    new IdMapping(
                            0,
                            UnusedIds.startFor(place + settings.specification()),
                            UnusedIds.COUNT);
            this.uids = List.of(many);
            this.gids = List.of(many);
        } else {
            this.uids = List.of(rootIs(Host.effectiveUid()));
            this.gids = List.of(rootIs(Host.effectiveGid()));
        }
    }

    private static IdMapping rootIs(int id) {
        return new IdMapping(0, Integer.toUnsignedLong(id), 1);
    }

    /** Returns the specification of a sandbox for a program of the image. */
    Spec spec(Root root, List<Settings.Binding> ofHost, List<String> env, String cwd)
            throws IOException {
        Set<String> settable = settable();
        Spec hardened = new HardenedSpec(uids, gids, settable).spec();
        ProcessSpec process =
                new ProcessSpec.Builder(hardened.process().orElseThrow())
                        .terminal(settings.hasTerminal())
                        .env(env)
                        .cwd(cwd)
                        .build();
        Linux linux =
                new Linux.Builder(hardened.linux())
                        .resources(resources(hardened.linux().resources(), settable))
                        .build();
        List<Mount> mounts = new ArrayList<>();
        for (Mount mount : hardened.mounts()) {
            if (mount.destination().equals("/dev/pts") ? settings.hasTerminal() : isNeeded(mount)) {
                mounts.add(mount);
            }
        }
        mounts.add(tmpfs("/tmp", settings.memory()));
        for (Settings.Binding binding : ofHost) {
            mounts.add(bound(binding, List.of(), List.of(), List.of()));
        }
        for (Settings.Binding binding : settings.bindings()) {
            mounts.add(mapped(binding));
        }
        if (settings.root() == Settings.Root.HOST_USR) {
            requireDirectory(root, mounts, cwd);
        }
        return new Spec.Builder(hardened)
                .root(root)
                .mounts(mounts)
                .linux(linux)
                .process(process)
                .build();
    }

    /** A missing one would be made in the root, which is not the program's but all sandboxes'. */
    private static void requireDirectory(Root root, List<Mount> mounts, String cwd) {
        boolean isMounted =
                mounts.stream()
                        .anyMatch(mount -> (cwd + "/").startsWith(mount.destination() + "/"));
        if (!isMounted && !Files.isDirectory(Path.of(root.path() + cwd))) {
            throw Failure.invalid(
                    "Sandbox.workingDirectory: directory",
                    cwd + " is not in the sandbox",
                    "bind a directory there, or choose another");
        }
    }

    /** What is left out shows the host's hardware, or is for other processes of the container. */
    private static boolean isNeeded(Mount mount) {
        String target = mount.destination();
        return target.equals("/proc") || target.equals("/dev") || target.equals("/dev/shm");
    }

    private static Mount tmpfs(String target, long bytes) {
        List<String> options = new ArrayList<>(SAFE);
        options.add("mode=1777");
        options.add("size=" + Math.max(SMALL_TMPFS, bytes / 2));
        return new Mount(
                target, Optional.of("tmpfs"), Optional.of("tmpfs"), options, List.of(), List.of());
    }

    /**
     * Returns a mount in which files of the source's owner belong to the sandbox's root. An
     * ordinary user's own files do so anyway.
     */
    private Mount mapped(Settings.Binding binding) throws IOException {
        if (!facilities.isPrivileged()) {
            return bound(binding, List.of(), List.of(), List.of());
        }
        int uid = (int) Files.getAttribute(binding.source(), "unix:uid");
        int gid = (int) Files.getAttribute(binding.source(), "unix:gid");
        return bound(binding, List.of("idmap"), seenAs(uid, uids), seenAs(gid, gids));
    }

    private static List<IdMapping> seenAs(int owner, List<IdMapping> ids) {
        IdMapping all = ids.get(0);
        return owner == 0
                ? List.of(new IdMapping(0, all.hostId(), all.size()))
                : List.of(new IdMapping(Integer.toUnsignedLong(owner), all.hostId(), 1));
    }

    private static Mount bound(
            Settings.Binding binding,
            List<String> more,
            List<IdMapping> uids,
            List<IdMapping> gids) {
        List<String> options = new ArrayList<>(List.of("rbind"));
        if (!binding.writable()) {
            options.add("rro");
        }
        options.addAll(SAFE);
        options.addAll(more);
        return new Mount(
                binding.target(),
                Optional.of("bind"),
                Optional.of(binding.source().toString()),
                options,
                uids,
                gids);
    }

    private Set<String> settable() {
        if (settings.limits() == Limits.NONE) {
            return Set.of();
        }
        Set<String> settable = facilities.settable();
        if (settings.limits() == Limits.REQUIRED && !settable.containsAll(LIMITED)) {
            List<String> missing = new ArrayList<>(LIMITED);
            missing.removeAll(settable);
            throw Failure.of(
                    Failure.Code.CGROUP,
                    "this program may not limit the sandbox's "
                            + String.join(", ", missing)
                            + ": no cgroup is delegated to it; run it as root, or in a unit with"
                            + " Delegate=yes, or ask for Sandbox.limits(Limits.BEST_EFFORT)");
        }
        return settable;
    }

    private Resources resources(Resources hardened, Set<String> settable) {
        OptionalLong memory = OptionalLong.of(settings.memory());
        OptionalLong swap = facilities.limitsSwap() ? memory : OptionalLong.empty();
        return new Resources(
                hardened.devices(),
                settable.contains("memory")
                        ? Memory.limits(memory, OptionalLong.empty(), swap)
                        : Memory.NONE,
                settable.contains("cpu") ? cpu() : Cpu.NONE,
                settable.contains("pids") ? new Pids(OptionalLong.of(settings.pids())) : Pids.NONE,
                hardened.blockIo(),
                List.of(),
                hardened.network(),
                Map.of(),
                Map.of());
    }

    private Cpu cpu() {
        return new Cpu(
                OptionalLong.empty(),
                OptionalLong.of((long) (settings.cpus() * HardenedSpec.PERIOD)),
                OptionalLong.empty(),
                OptionalLong.of(HardenedSpec.PERIOD),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty());
    }
}
