// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.template;

import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.profile.BundledProfile;
import io.jrunc.seccomp.profile.ProfileContext;
import io.jrunc.spec.BlockIo;
import io.jrunc.spec.Capabilities;
import io.jrunc.spec.Cpu;
import io.jrunc.spec.IdMapping;
import io.jrunc.spec.Linux;
import io.jrunc.spec.Memory;
import io.jrunc.spec.Mount;
import io.jrunc.spec.Namespace;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.NetworkClass;
import io.jrunc.spec.Pids;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Resources;
import io.jrunc.spec.Spec;
import io.jrunc.spec.json.ProfileReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The document that {@code spec --hardened} writes: {@link DefaultSpec}, less whatever an ordinary
 * program can do without.
 *
 * @param uids and gids of the user namespace
 * @param controllers by their v1 names, whose limits may be set here
 */
public record HardenedSpec(List<IdMapping> uids, List<IdMapping> gids, Set<String> controllers) {
    /** Bytes. */
    public static final long MEMORY = 512L << 20;

    /** Processes and threads. */
    public static final long TASKS = 256;

    /** Microseconds of CPU time in each period: one processor. */
    public static final long QUOTA = 100_000;

    /** Microseconds. */
    public static final long PERIOD = 100_000;

    private static final List<NamespaceType> NAMESPACES =
            List.of(
                    NamespaceType.PID,
                    NamespaceType.NETWORK,
                    NamespaceType.IPC,
                    NamespaceType.UTS,
                    NamespaceType.MOUNT,
                    NamespaceType.CGROUP,
                    NamespaceType.USER);

    /** What Docker masks as well: counters that reveal the activity of other processes. */
    public static final List<String> SIDE_CHANNELS =
            List.of("/proc/interrupts", "/sys/devices/virtual/powercap");

    public HardenedSpec {
        uids = List.copyOf(uids);
        gids = List.copyOf(gids);
        controllers = Set.copyOf(controllers);
    }

    /** Returns the filter of system calls that such a container has. */
    static Seccomp filter() {
        return ProfileReader.read(BundledProfile.STRICT)
                .resolve(ProfileContext.here(Set.of()))
                .filter();
    }

    /** Returns the whole document. */
    public Spec spec() {
        // A new network namespace belongs to the new user namespace, so even an ordinary user may
        // mount a sysfs of it, and need not bind the host's.
        Spec plain = DefaultSpec.create(false, 0, 0, true);
        return new Spec(
                plain.ociVersion(),
                plain.root(),
                plain.process().map(HardenedSpec::process),
                plain.hostname(),
                plain.domainname(),
                mounts(plain.mounts()),
                plain.hooks(),
                plain.annotations(),
                linux(plain.linux()),
                List.of());
    }

    private static ProcessSpec process(ProcessSpec plain) {
        Optional<List<String>> none = Optional.of(List.of());
        return new ProcessSpec.Builder()
                .terminal(plain.terminal())
                .consoleSize(plain.consoleSize())
                .user(plain.user())
                .args(plain.args())
                .env(plain.env())
                .cwd(plain.cwd())
                .capabilities(Optional.of(new Capabilities(none, none, none, none, none)))
                .rlimits(plain.rlimits())
                .noNewPrivileges(true)
                .build();
    }

    /**
     * Returns a procfs with the options that Docker gives it; the terminal's group, if it is
     * mapped.
     */
    private List<Mount> mounts(List<Mount> plain) {
        List<Mount> mounts = new ArrayList<>();
        for (Mount mount : plain) {
            List<String> options = new ArrayList<>(mount.options());
            if (mount.destination().equals("/proc")) {
                options.addAll(List.of("nosuid", "noexec", "nodev"));
            }
            options.removeIf(option -> option.equals("gid=5") && gids.get(0).size() <= 5);
            mounts.add(
                    new Mount(
                            mount.destination(),
                            mount.type(),
                            mount.source(),
                            options,
                            List.of(),
                            List.of()));
        }
        return mounts;
    }

    private Linux linux(Linux plain) {
        List<String> masked = new ArrayList<>(plain.maskedPaths());
        masked.addAll(SIDE_CHANNELS);
        List<Namespace> namespaces = new ArrayList<>();
        for (NamespaceType type : NAMESPACES) {
            namespaces.add(new Namespace(type, Optional.empty()));
        }
        return new Linux.Builder()
                .uidMappings(uids)
                .gidMappings(gids)
                .resources(resources(plain.resources()))
                .namespaces(namespaces)
                .seccomp(Optional.of(filter()))
                .maskedPaths(masked)
                .readonlyPaths(plain.readonlyPaths())
                .build();
    }

    private Resources resources(Resources plain) {
        return new Resources(
                plain.devices(),
                controllers.contains("memory") ? memory() : Memory.NONE,
                controllers.contains("cpu") ? cpu() : Cpu.NONE,
                controllers.contains("pids") ? new Pids(OptionalLong.of(TASKS)) : Pids.NONE,
                BlockIo.NONE,
                List.of(),
                NetworkClass.NONE,
                Map.of(),
                Map.of());
    }

    private static Memory memory() {
        return Memory.limits(OptionalLong.of(MEMORY), OptionalLong.empty(), OptionalLong.empty());
    }

    private static Cpu cpu() {
        return new Cpu(
                OptionalLong.empty(),
                OptionalLong.of(QUOTA),
                OptionalLong.empty(),
                OptionalLong.of(PERIOD),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty());
    }
}
