// SPDX-License-Identifier: Apache-2.0
package io.jrunc.namespace;

import io.jrunc.linux.CloneFlag;
import io.jrunc.setup.Step;
import io.jrunc.spec.Linux;
import io.jrunc.spec.Namespace;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides how namespaces are joined and created, from the stage to a new init. */
public final class NamespaceSteps {
    private final Spec spec;
    private final boolean userNamespace;
    private final Set<CloneFlag> created = EnumSet.noneOf(CloneFlag.class);
    private final List<JoinNamespaces.Joined> joined = new ArrayList<>();
    private Optional<String> cgroupNamespace = Optional.empty();

    /** The steps for the namespaces of {@code spec}. */
    public NamespaceSteps(Spec spec) {
        this.spec = spec;
        this.userNamespace = spec.linux().namespace(NamespaceType.USER).isPresent();
        for (Namespace namespace : spec.linux().namespaces()) {
            CloneFlag type = flag(namespace.type());
            if (type == CloneFlag.NEWCGROUP && !userNamespace) {
                cgroupNamespace = namespace.path();
            } else if (namespace.path().isPresent()) {
                joined.add(JoinNamespaces.Joined.at(namespace.path().get(), type));
            } else {
                created.add(type);
            }
        }
    }

    /** Joins the namespaces that have a path. */
    public Optional<Step> joinNamespaces() {
        return !joined.isEmpty() ? Optional.of(new JoinNamespaces(joined)) : Optional.empty();
    }

    /** Compares the mappings of a joined user namespace with those that are asked for. */
    public Optional<Step> compareMappings() {
        Linux linux = spec.linux();
        return isJoined(NamespaceType.USER) && !linux.uidMappings().isEmpty()
                ? Optional.of(new CompareMappings(linux.uidMappings(), linux.gidMappings()))
                : Optional.empty();
    }

    /** Creates the user namespace, which owns those that are created after it. */
    public Optional<Step> createUserNamespace() {
        Linux linux = spec.linux();
        return created.contains(CloneFlag.NEWUSER)
                ? Optional.of(new CreateUserNamespace(linux.uidMappings(), linux.gidMappings()))
                : Optional.empty();
    }

    /** Creates the time namespace, whose offsets are set before it has a process. */
    public Optional<Step> createTimeNamespace() {
        return created.contains(CloneFlag.NEWTIME)
                ? Optional.of(new CreateTimeNamespace(spec.linux().timeOffsets()))
                : Optional.empty();
    }

    /** Creates init, and the other namespaces with it; the cgroup namespace follows much later. */
    public Step createInit() {
        Set<CloneFlag> withInit = EnumSet.noneOf(CloneFlag.class);
        withInit.addAll(created);
        withInit.removeAll(EnumSet.of(CloneFlag.NEWUSER, CloneFlag.NEWTIME, CloneFlag.NEWCGROUP));
        return new CreateInit(withInit, userNamespace);
    }

    /** Init itself joins a cgroup namespace: the stage would lose sight of the host's cgroups. */
    public Optional<Step> joinCgroupNamespace() {
        return cgroupNamespace.map(
                path ->
                        new JoinCgroupNamespace(
                                JoinNamespaces.Joined.at(path, CloneFlag.NEWCGROUP)));
    }

    /** Brings up the loopback device of a new network namespace. */
    public Optional<Step> raiseLoopback() {
        return created.contains(CloneFlag.NEWNET)
                ? Optional.of(new RaiseLoopback())
                : Optional.empty();
    }

    /** Refuses sysctls that would change the runtime's own namespaces; at most one per type. */
    public List<Step> requireOtherNamespaces() {
        List<Step> steps = new ArrayList<>();
        Set<NamespaceType> required = EnumSet.noneOf(NamespaceType.class);
        for (String key : spec.linux().sysctl().keySet()) {
            NamespaceType type = confining(key.replace('/', '.'));
            if (isJoined(type) && required.add(type)) {
                steps.add(new RequireOtherNamespace(type, key));
            }
        }
        return steps;
    }

    /** Returns the namespace that a system control belongs to; others were refused by its check. */
    private static NamespaceType confining(String key) {
        if (key.startsWith("net.")) {
            return NamespaceType.NETWORK;
        }
        return key.equals("kernel.domainname") ? NamespaceType.UTS : NamespaceType.IPC;
    }

    private boolean isJoined(NamespaceType type) {
        Optional<Namespace> namespace = spec.linux().namespace(type);
        return namespace.isPresent() && namespace.get().path().isPresent();
    }

    private static CloneFlag flag(NamespaceType type) {
        return switch (type) {
            case PID -> CloneFlag.NEWPID;
            case NETWORK -> CloneFlag.NEWNET;
            case MOUNT -> CloneFlag.NEWNS;
            case IPC -> CloneFlag.NEWIPC;
            case UTS -> CloneFlag.NEWUTS;
            case USER -> CloneFlag.NEWUSER;
            case CGROUP -> CloneFlag.NEWCGROUP;
            case TIME -> CloneFlag.NEWTIME;
        };
    }
}
