// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.cgroup.file.CgroupDir;
import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.IdMapping;
import io.jrunc.spec.Linux;
import io.jrunc.spec.Mount;
import io.jrunc.spec.Namespace;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes the container's user the owner of its v2 cgroup, which may then be divided further, but not
 * of the files that limit it. Sources: runtime-spec config-linux.md#cgroup-ownership, cgroups(7),
 * "Cgroup delegation".
 *
 * @param uid on the host
 * @param rootless whether the caller may lack the right to change owners
 */
public record DelegateCgroup(Cgroup cgroup, long uid, boolean rootless) implements Step {
    private static final String DELEGATED = "/sys/kernel/cgroup/delegate";

    /** What a kernel delegates that does not say so. */
    private static final List<String> ALWAYS =
            List.of("cgroup.procs", "cgroup.subtree_control", "cgroup.threads");

    private static final int SAME_GROUP = -1;

    /**
     * Returns the step for a container that could make use of it: where there is nothing but v2,
     * which is safe to delegate, and it sees its cgroup as the root of a tree that it may write, or
     * an annotation delegates one.
     */
    public static Optional<DelegateCgroup> of(Spec spec, CgroupSetup cgroups) {
        Linux linux = spec.linux();
        Optional<Namespace> namespace = linux.namespace(NamespaceType.CGROUP);
        boolean root = namespace.isPresent() && namespace.get().path().isEmpty();
        boolean wanted = cgroups.delegated().isPresent() || isWritable(spec);
        if (!cgroups.isPureV2() || !root || !wanted) {
            return Optional.empty();
        }
        long uid = spec.process().map(process -> process.user().uid()).orElse(0L);
        OptionalLong owner = outside(uid, linux);
        return owner.isPresent()
                ? Optional.of(
                        new DelegateCgroup(
                                cgroups.shown().get(0), owner.getAsLong(), cgroups.rootless()))
                : Optional.empty();
    }

    private static boolean isWritable(Spec spec) {
        boolean writable = false;
        for (Mount mount : spec.mounts()) {
            if (mount.type().orElse("").startsWith("cgroup")
                    && mount.destination().replaceAll("/+$", "").equals("/sys/fs/cgroup")) {
                writable = mount.options().lastIndexOf("ro") <= mount.options().lastIndexOf("rw");
            }
        }
        return writable;
    }

    /** Absent: not mapped, or already the owner. */
    private static OptionalLong outside(long uid, Linux linux) {
        if (linux.namespace(NamespaceType.USER).isEmpty()) {
            return uid == 0 ? OptionalLong.empty() : OptionalLong.of(uid);
        }
        return IdMapping.outside(linux.uidMappings(), uid);
    }

    @Override
    public Actor actor() {
        return Actor.RUNTIME;
    }

    @Override
    public String title() {
        return "make uid " + uid + " the owner of cgroup " + cgroup.directory();
    }

    @Override
    public String field() {
        return "process.user.uid";
    }

    @Override
    public void apply(SetupContext context) {
        if (!context.cgroups().directories().contains(cgroup.directory())) {
            return; // a rootless caller does without
        }
        Kernel kernel = context.runtime();
        try (CgroupDir dir = CgroupDir.open(kernel, cgroup.directory())) {
            own(kernel.files(), dir.descriptor());
            for (String name : delegated(kernel.files())) {
                try (Fd file = kernel.files().openIfExists(dir.descriptor(), name, OpenFlag.PATH)) {
                    if (file.isOpen()) {
                        own(kernel.files(), file);
                    }
                }
            }
        }
    }

    private void own(Files files, Fd file) {
        Call chown = files.chown(file, (int) uid, SAME_GROUP);
        if (rootless) {
            chown.tolerate(Errno.EPERM);
        }
        chown.submit().result();
    }

    private static List<String> delegated(Files files) {
        try (Fd list = files.openIfExists(files.here(), DELEGATED, OpenFlag.RDONLY)) {
            List<String> names = list.isOpen() ? files.readText(list).lines().toList() : ALWAYS;
            for (String name : names) {
                if (name.contains("/")) {
                    throw Failure.of(Failure.Code.HOST, DELEGATED + " names \"" + name + "\"");
                }
            }
            return names;
        }
    }
}
