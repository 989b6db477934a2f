package io.jrunc.namespace;

import io.jrunc.linux.CloneFlag;
import io.jrunc.process.SetOomScore;
import io.jrunc.setup.Step;
import io.jrunc.spec.Namespace;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides how the namespaces come about, from the stage to a newborn init. Touches nothing. */
public final class StageSteps {
    private StageSteps() {}

    /** The steps from starting the stage to creating init. */
    public static List<Step> of(Spec spec) {
        List<Step> steps = new ArrayList<>();
        steps.add(new StartStage());
        if (spec.process().isPresent() && spec.process().get().oomScoreAdj().isPresent()) {
            steps.add(new SetOomScore(spec.process().get().oomScoreAdj().getAsInt()));
        }
        Set<CloneFlag> created = EnumSet.noneOf(CloneFlag.class);
        List<JoinNamespaces.Joined> joined = new ArrayList<>();
        Optional<JoinNamespaces.Joined> joinedByInit = Optional.empty();
        boolean userNamespace = spec.linux().namespace(NamespaceType.USER).isPresent();
        for (Namespace namespace : spec.linux().namespaces()) {
            if (namespace.type() == NamespaceType.CGROUP && !userNamespace) {
                joinedByInit = namespace.path().map(StageSteps::cgroupNamespace);
            } else if (namespace.path().isPresent()) {
                CloneFlag type = flag(namespace.type());
                joined.add(JoinNamespaces.Joined.at(namespace.path().get(), type));
            } else {
                created.add(flag(namespace.type()));
            }
        }
        if (!joined.isEmpty()) {
            steps.add(new JoinNamespaces(joined));
        }
        if (isJoined(spec, NamespaceType.USER) && !spec.linux().uidMappings().isEmpty()) {
            steps.add(new CompareMappings(spec.linux().uidMappings(), spec.linux().gidMappings()));
        }
        if (created.contains(CloneFlag.NEWUSER)) {
            steps.add(
                    new CreateUserNamespace(
                            spec.linux().uidMappings(), spec.linux().gidMappings()));
        }
        if (created.contains(CloneFlag.NEWTIME)) {
            steps.add(new CreateTimeNamespace(spec.linux().timeOffsets()));
        }
        // The cgroup namespace is created last, when init has joined its cgroups.
        created.removeAll(EnumSet.of(CloneFlag.NEWUSER, CloneFlag.NEWTIME, CloneFlag.NEWCGROUP));
        steps.add(new CreateInit(created, userNamespace));
        joinedByInit.ifPresent(namespace -> steps.add(new JoinCgroupNamespace(namespace)));
        if (created.contains(CloneFlag.NEWNET)) {
            steps.add(new RaiseLoopback());
        }
        addOtherNamespaces(spec, steps);
        return steps;
    }

    /** At most one per type. */
    private static void addOtherNamespaces(Spec spec, List<Step> steps) {
        Set<NamespaceType> required = EnumSet.noneOf(NamespaceType.class);
        for (String key : spec.linux().sysctl().keySet()) {
            NamespaceType type = confining(key.replace('/', '.'));
            if (isJoined(spec, type) && required.add(type)) {
                steps.add(new RequireOtherNamespace(type, key));
            }
        }
    }

    /** The namespace that a system control belongs to; others were refused by its check. */
    private static NamespaceType confining(String key) {
        if (key.startsWith("net.")) {
            return NamespaceType.NETWORK;
        }
        return key.equals("kernel.domainname") ? NamespaceType.UTS : NamespaceType.IPC;
    }

    private static JoinNamespaces.Joined cgroupNamespace(String path) {
        return JoinNamespaces.Joined.at(path, CloneFlag.NEWCGROUP);
    }

    private static boolean isJoined(Spec spec, NamespaceType type) {
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
