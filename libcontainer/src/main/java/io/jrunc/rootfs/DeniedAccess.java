package io.jrunc.rootfs;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Stat;
import io.jrunc.spec.IdMapping;
import io.jrunc.spec.Linux;
import java.util.List;
import java.util.OptionalLong;

/**
 * Tells why the root of a user namespace was refused something on the way to the root file system,
 * or below: which directory lacks which permission for which id. path_resolution(7).
 */
public final class DeniedAccess {
    private static final int SEARCH = 1;
    private static final int WRITE = 2;

    private final Kernel runtime;
    private final Linux linux;
    private final String root;
    private final long uid;
    private final long gid;

    private DeniedAccess(Kernel runtime, Linux linux, String root, long uid, long gid) {
        this.runtime = runtime;
        this.linux = linux;
        this.root = root;
        this.uid = uid;
        this.gid = gid;
    }

    /**
     * The failure as it is, or, if the container's root was denied something, one that says why.
     *
     * @param failure EACCES of something
     * @param root the root file system, a path on the host
     */
    public static RuntimeException explained(
            Kernel runtime, Linux linux, String root, Failure failure) {
        OptionalLong uid = IdMapping.outside(linux.uidMappings(), 0);
        OptionalLong gid = IdMapping.outside(linux.gidMappings(), 0);
        if (uid.isEmpty() || gid.isEmpty()) {
            return failure;
        }
        try {
            return new DeniedAccess(runtime, linux, root, uid.getAsLong(), gid.getAsLong())
                    .explained(failure);
        } catch (Failure unknown) {
            return failure; // what the runtime may not see either, it cannot explain
        }
    }

    private Failure explained(Failure failure) {
        String target = failure.path().startsWith(root + "/") ? failure.path() : root;
        String last = "/";
        for (int slash = 0; slash >= 0; slash = target.indexOf('/', slash + 1)) {
            String directory = slash == 0 ? "/" : target.substring(0, slash);
            Stat stat = runtime.files().statIfExists(directory);
            if (stat == null) {
                break;
            }
            if (!has(stat, SEARCH)) {
                return told(failure, directory, stat, "search", "x");
            }
            last = directory;
        }
        if (target.equals(root)) {
            Stat stat = runtime.files().statIfExists(root);
            return stat == null || has(stat, SEARCH)
                    ? failure
                    : told(failure, root, stat, "search", "x");
        }
        Stat stat = runtime.files().statIfExists(last);
        boolean missing = runtime.files().statIfExists(target) == null;
        return !missing || has(stat, WRITE)
                ? failure
                : Failure.of(
                        failure.code(),
                        failure.getMessage()
                                + ": "
                                + held(last, stat)
                                + "may not make it there; run mkdir -p "
                                + target
                                + ", or chown "
                                + uid
                                + ":"
                                + gid
                                + " "
                                + last,
                        failure.path(),
                        Errno.EACCES,
                        "");
    }

    private Failure told(Failure failure, String path, Stat stat, String what, String bit) {
        return Failure.of(
                failure.code(),
                failure.getMessage()
                        + ": "
                        + held(path, stat)
                        + "may not "
                        + what
                        + " it; run chmod o+"
                        + bit
                        + " "
                        + path,
                path,
                Errno.EACCES,
                "");
    }

    private String held(String path, Stat stat) {
        String mode = Integer.toOctalString(stat.permissions());
        String owner = stat.uid() + ":" + stat.gid();
        return path
                + " belongs to "
                + owner
                + " and has mode "
                + mode
                + ", so uid "
                + uid
                + ", the container's root, ";
    }

    /** By its permission bits; as root of its namespace it may do all to files of mapped ids. */
    private boolean has(Stat stat, int permission) {
        if (isMapped(linux.uidMappings(), stat.uid())
                && isMapped(linux.gidMappings(), stat.gid())) {
            return true;
        }
        int shift = stat.uid() == uid ? 6 : stat.gid() == gid ? 3 : 0;
        return (stat.permissions() >> shift & permission) != 0;
    }

    private static boolean isMapped(List<IdMapping> mappings, long id) {
        for (IdMapping mapping : mappings) {
            if (id >= mapping.hostId() && id - mapping.hostId() < mapping.size()) {
                return true;
            }
        }
        return false;
    }
}
