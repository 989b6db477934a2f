// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import io.jrunc.spec.Mount;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Spec;
import java.util.Optional;

/**
 * Tells why a process of a container was refused something on the way to the root file system, or
 * below: which directory lacks which permission for which id, and the command that mends it.
 * path_resolution(7).
 *
 * @param runtime looks the files up: its own rights are not those that count
 * @param spec what the container is made from
 * @param rootfs the root file system, a path on the host
 * @param init the pid of a process that has the container's root directory; 0 if there is none
 * @param stays whether that process is still there when the failure is read
 */
public record DeniedAccess(Kernel runtime, Spec spec, String rootfs, int init, boolean stays) {
    /**
     * Returns the failure as it is, or, if it comes from a denied access, one that says why.
     *
     * @param process what was to run; the set-up before that is the work of the container's root
     */
    public RuntimeException explained(Failure failure, Optional<ProcessSpec> process) {
        try {
            Optional<IdsOutside> ids = IdsOutside.of(runtime, spec.linux(), init);
            Optional<ProcessSpec> program = process.filter(one -> concerns(one, failure));
            Optional<IdsOutside.User> user =
                    ids.flatMap(of -> program.isPresent() ? of.of(program.get()) : of.root());
            return user.isEmpty()
                    ? failure
                    : explained(failure, program.map(ProcessSpec::cwd), user.get());
        } catch (Failure unknown) {
            return failure; // what the runtime may not see either, it cannot explain
        }
    }

    /**
     * Returns whether the access was the program's: the look-up of it or of its directory, or
     * execve(2).
     */
    private static boolean concerns(ProcessSpec process, Failure failure) {
        return failure.code() == Failure.Code.EXEC
                || failure.path().equals(process.cwd())
                || failure.getMessage().contains("execve ");
    }

    /**
     * Returns the same.
     *
     * @param cwd the program's, if the access was the program's
     */
    private Failure explained(Failure failure, Optional<String> cwd, IdsOutside.User user) {
        String path = failure.path();
        if (path.startsWith(rootfs + "/") && cwd.isEmpty()) {
            return onHost(failure, user, path);
        }
        try (Fd root = rootOfInit()) {
            boolean inside = root.isOpen() && !isOurs(root);
            if (inside && !path.isEmpty()) {
                String absolute = path.startsWith("/") ? path : cwd.orElse("") + "/" + path;
                return DeniedPath.in(root, absolute, user, cwd.isPresent())
                        .map(denied -> explained(failure, user, denied, outside(denied)))
                        .orElse(failure);
            }
        }
        return onHost(failure, user, rootfs);
    }

    private Fd rootOfInit() {
        String path = "/proc/" + init + "/root";
        return runtime.files().openIfExists(runtime.files().here(), path, OpenFlag.PATH);
    }

    private boolean isOurs(Fd root) {
        Optional<Stat> ours = runtime.files().statIfExists("/");
        return ours.isPresent() && ours.get().isSameAs(runtime.files().stat(root));
    }

    /**
     * Returns what is denied on the way to {@code target}, while the container has no root of its
     * own.
     */
    private Failure onHost(Failure failure, IdsOutside.User user, String target) {
        try (Fd root = runtime.files().open("/", OpenFlag.PATH)) {
            Optional<DeniedPath.Place> denied =
                    DeniedPath.in(root, target, user, target.equals(rootfs));
            if (denied.isPresent()) {
                return explained(failure, user, denied.get(), denied.get().path());
            }
            DeniedPath.Place last = DeniedPath.lastOf(root, target);
            boolean missing = !last.path().equals(target);
            return target.equals(rootfs) || !missing || user.may(last.stat(), IdsOutside.WRITE)
                    ? failure
                    : cannotMake(failure, user, last, target);
        }
    }

    private static Failure cannotMake(
            Failure failure, IdsOutside.User user, DeniedPath.Place last, String target) {
        return Failure.of(
                failure.code(),
                refusal(failure)
                        + user.against(last.path(), last.stat())
                        + "may not make it there; run mkdir -p "
                        + quoted(target)
                        + ", or chown "
                        + user.uid()
                        + ":"
                        + user.gid()
                        + " "
                        + quoted(last.path()),
                failure.path(),
                Errno.EACCES,
                "");
    }

    /**
     * Returns the sentence.
     *
     * @param host a path of the place on the host; empty if it has none that stays
     */
    private static Failure explained(
            Failure failure, IdsOutside.User user, DeniedPath.Place denied, String host) {
        boolean directory = denied.stat().isDirectory();
        String remedy =
                host.isEmpty()
                        ? "change the owner or the mode of what is mounted there"
                        : "run chmod " + user.classOf(denied.stat()) + "+x " + quoted(host);
        return Failure.of(
                failure.code(),
                refusal(failure)
                        + user.against(host.isEmpty() ? denied.path() : host, denied.stat())
                        + "may not "
                        + (directory ? "search" : "execute")
                        + " it; "
                        + remedy,
                denied.path(),
                Errno.EACCES,
                "");
    }

    /** In the words by which engines know it, so that the command is the last of the sentence. */
    private static String refusal(Failure failure) {
        String message = failure.getMessage();
        String words = Errno.EACCES.description();
        return message.contains(words) ? message + ": " : message + ": " + words + ": ";
    }

    /** Returns where the host has what the container has at this place. */
    private String outside(DeniedPath.Place denied) {
        String path = denied.path();
        if (isAt(rootfs + path, denied.stat())) {
            return rootfs + path;
        }
        for (Mount mount : spec.mounts()) {
            String destination = mount.destination();
            if ((path + "/").startsWith(destination + "/") && mount.source().isPresent()) {
                String source = mount.source().get() + path.substring(destination.length());
                if (source.startsWith("/") && isAt(source, denied.stat())) {
                    return source;
                }
            }
        }
        return stays ? "/proc/" + init + "/root" + path : "";
    }

    private boolean isAt(String hostPath, Stat stat) {
        Optional<Stat> there = runtime.files().linkStatIfExists(hostPath);
        return there.isPresent() && there.get().isSameAs(stat);
    }

    /** For a shell: a container chooses the names of its files. */
    private static String quoted(String path) {
        return path.matches("[\\w/.,:@%+=-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
    }
}
