// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.cgroup.CgroupSetup;
import io.jrunc.cgroup.Hierarchies;
import io.jrunc.cgroup.Hierarchy;
import io.jrunc.host.Host;
import io.jrunc.resctrl.ResctrlGroup;
import io.jrunc.spec.Spec;
import io.jrunc.state.State;
import io.jrunc.validate.HostFacts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Hosts that do not exist. */
public final class Hosts {
    public static final Hierarchies V2 =
            new Hierarchies(
                    List.of(new Hierarchy(List.of(), "/sys/fs/cgroup", "/user.slice/shell.scope")));

    public static final Hierarchies V1 =
            new Hierarchies(
                    List.of(
                            v1("systemd", "name=systemd"),
                            v1("cpu,cpuacct", "cpu", "cpuacct"),
                            v1("memory", "memory"),
                            v1("devices", "devices"),
                            v1("pids", "pids")));

    public static final Hierarchies HYBRID =
            new Hierarchies(
                    List.of(
                            new Hierarchy(List.of(), "/sys/fs/cgroup/unified", "/init.scope"),
                            v1("memory", "memory"),
                            v1("devices", "devices")));

    public static final CgroupManager MANAGER = CgroupManager.cgroupfs(false, false);

    private Hosts() {}

    private static Hierarchy v1(String directory, String... controllers) {
        return new Hierarchy(List.of(controllers), "/sys/fs/cgroup/" + directory, "/");
    }

    public static Host host(Hierarchies hierarchies) {
        HostFacts facts = new HostFacts(true, false, false, hierarchies.isPureV2(), false, 40);
        return new Host(facts, hierarchies, Optional.of("/sys/fs/resctrl"));
    }

    public static CgroupSetup cgroups(Spec spec, Hierarchies hierarchies) {
        return MANAGER.place(hierarchies, spec.linux(), "web1").annotated(spec);
    }

    /** What is remembered of a container that is about to be made from the bundle /bundle. */
    public static State state() {
        String json =
                """
                {
                  "id": "web1",
                  "init_process_pid": 0,
                  "init_process_start": 0,
                  "created": "2026-01-02T03:04:05Z",
                  "bundle": "/bundle",
                  "rootfs": "/bundle/rootfs"
                }
                """;
        return State.fromJson(json.getBytes(StandardCharsets.UTF_8));
    }

    /** The same with a resctrl group. */
    public static State state(ResctrlGroup group) {
        State state = state();
        return new State.Builder()
                .id(state.id())
                .initPid(state.initPid())
                .initStart(state.initStart())
                .initInode(state.initInode())
                .created(state.created())
                .bundle(state.bundle())
                .rootfs(state.rootfs())
                .annotations(state.annotations())
                .cgroups(state.cgroups())
                .unit(state.unit())
                .resctrl(Optional.of(group))
                .privatePids(state.privatePids())
                .keyring(state.keyring())
                .home(state.home())
                .hooks(state.hooks())
                .listener(state.listener())
                .apparmorProfile(state.apparmorProfile())
                .build();
    }
}
