package io.jrunc.process;

import io.jrunc.linux.CloneFlag;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.plan.Actor;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;
import io.jrunc.spec.IdMapping;
import java.util.List;
import java.util.Set;

/** Creates a user namespace and writes its maps from outside. user_namespaces(7). */
public record CreateUserNamespace(List<IdMapping> uids, List<IdMapping> gids) implements Step {
    @Override
    public Actor actor() {
        return Actor.STAGE;
    }

    @Override
    public String title() {
        return "create a user namespace, root in it being uid " + hostRoot() + " outside";
    }

    private String hostRoot() {
        for (IdMapping mapping : uids) {
            if (mapping.containerId() == 0) {
                return Long.toString(mapping.hostId());
            }
        }
        return "unmapped";
    }

    @Override
    public String field() {
        return "linux.uidMappings";
    }

    @Override
    public void apply(Scene scene) {
        Kernel stage = scene.stage();
        stage.processes().unshare(Set.of(CloneFlag.NEWUSER));
        // The maps can only be written while the process is dumpable, and by its owner or root.
        stage.processes().setDumpable(true);
        stage.flush();
        Files files = scene.runtime().files();
        write(files, scene.stagePid(), "uid_map", uids);
        writeGroups(files, scene.stagePid());
        stage.processes().setDumpable(false);
        JoinNamespaces.becomeRoot(stage);
    }

    /** Who is not privileged must first give up setgroups(2) there: user_namespaces(7). */
    private void writeGroups(Files files, int pid) {
        try {
            write(files, pid, "gid_map", gids);
        } catch (Failure f) {
            if (!f.is(Errno.EPERM) || gids.size() != 1) {
                throw f;
            }
            try (Fd setgroups = files.open("/proc/" + pid + "/setgroups", OpenFlag.WRONLY)) {
                files.write(setgroups, "deny").result();
            }
            write(files, pid, "gid_map", gids);
        }
    }

    private static void write(Files files, int pid, String file, List<IdMapping> mappings) {
        String path = "/proc/" + pid + "/" + file;
        try (Fd map = files.open(path, OpenFlag.WRONLY)) {
            files.write(map, IdMapping.lines(mappings)).result();
        } catch (Failure f) {
            if (f.is(Errno.EPERM)) {
                throw f.during("mapping these ids needs root, or an entry in /etc/subuid");
            }
            throw f.is(Errno.EINVAL) ? f.during("mappings overlap or are out of range") : f;
        }
    }
}
