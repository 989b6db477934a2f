// SPDX-License-Identifier: Apache-2.0
package io.jrunc.setup;

import io.jrunc.linux.Call;
import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.spec.IdMapping;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Processes beside stage and init, started when first asked for; they end with this. */
public final class Helpers implements AutoCloseable {
    private final SetupContext context;
    private final SetupContext.Spawner spawner;
    private final Map<String, Fd> userNamespaces = new HashMap<>();
    private SetupContext.@Nullable Spawned mounter;

    Helpers(SetupContext context, SetupContext.Spawner spawner) {
        this.context = context;
        this.spawner = spawner;
    }

    /**
     * A process with all rights of the runtime in init's mount namespace: it sees the mounts that
     * init sees, and may do there what init, perhaps root of a user namespace only, may not.
     */
    public Kernel mounter() {
        if (mounter != null) {
            return mounter.kernel();
        }
        mounter = spawner.spawn(Actor.MOUNTER.word());
        Kernel kernel = mounter.kernel();
        context.rollback().push(this::close);
        // It joins namespaces of the container, whose processes must not trace it
        // (CVE-2016-9962).
        kernel.processes().setDumpable(false);
        String path = "/proc/" + context.initPid() + "/ns/mnt";
        try (Fd namespace = context.runtime().files().open(path, OpenFlag.RDONLY)) {
            kernel.processes().joinNamespace(namespace, CloneFlag.NEWNS).submit();
            kernel.flush();
        }
        return kernel;
    }

    /** The user namespace that init is in, open in the runtime; this keeps it. */
    public Fd userNamespaceOfInit() {
        return userNamespaces.computeIfAbsent("init", key -> openUserNamespace(context.initPid()));
    }

    /**
     * Returns a user namespace without processes, with these maps, open in the runtime and owned by
     * this object. The same maps get the same namespace.
     */
    public Fd userNamespace(List<IdMapping> uids, List<IdMapping> gids) {
        String key = IdMapping.lines(uids) + ":" + IdMapping.lines(gids);
        return userNamespaces.computeIfAbsent(key, absent -> create(uids, gids));
    }

    /** Creates it; the open descriptor keeps it alive after its first process has ended. */
    private Fd create(List<IdMapping> uids, List<IdMapping> gids) {
        Kernel parent = mounter();
        Call clone = parent.processes().cloneProcess(Set.of(CloneFlag.NEWUSER));
        int pid = (int) clone.result();
        Kernel process = parent.bornOf(clone, "idmap");
        try {
            // The maps of a process that may not be traced belong to the host's root alone.
            process.processes().setDumpable(true);
            process.flush();
            write("/proc/" + pid + "/uid_map", uids);
            write("/proc/" + pid + "/gid_map", gids);
            return openUserNamespace(pid);
        } finally {
            process.close();
            parent.processes().await(pid, true);
        }
    }

    private void write(String path, List<IdMapping> mappings) {
        Files files = context.runtime().files();
        try (Fd map = files.open(path, OpenFlag.WRONLY)) {
            files.write(map, IdMapping.lines(mappings)).result();
        } catch (Failure f) {
            throw f.is(Errno.EINVAL) ? f.during("mappings overlap or are out of range") : f;
        }
    }

    private Fd openUserNamespace(int pid) {
        return context.runtime().files().open("/proc/" + pid + "/ns/user", OpenFlag.RDONLY);
    }

    void flush() {
        if (mounter != null) {
            mounter.kernel().flush();
        }
    }

    /** Ends the processes and lets go of the namespaces. */
    @Override
    public void close() {
        for (Fd namespace : userNamespaces.values()) {
            namespace.close();
        }
        userNamespaces.clear();
        if (mounter != null) {
            int pid = mounter.pid();
            mounter.kernel().close();
            mounter = null;
            spawner.reap(pid);
        }
    }
}
