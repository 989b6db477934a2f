package io.jrunc.rootfs;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.MountAttr;
import io.jrunc.linux.Mounts;
import io.jrunc.linux.Stat;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;
import java.util.EnumSet;
import java.util.Set;

/**
 * Mounts a new file system. The attributes are set when it is created, except read-only where later
 * steps still write to it.
 *
 * @param source only a name for /proc/self/mountinfo, for most types
 */
public record MountFileSystem(
        int index, String type, String source, String destination, MountOptions options)
        implements Step {
    @Override
    public String title() {
        return "mount " + type + " at " + destination;
    }

    @Override
    public String field() {
        return "mounts[" + index + "]";
    }

    @Override
    public void apply(Scene scene) {
        Kernel init = scene.init();
        Mounts mounts = init.mounts();
        try (Fd fileSystem = mounts.openFileSystem(type)) {
            configure(scene, fileSystem);
            Set<MountAttr> attributes = EnumSet.noneOf(MountAttr.class);
            attributes.addAll(options.set());
            if (isLateReadOnly()) {
                attributes.remove(MountAttr.RDONLY);
            }
            try (Fd mount = mounts.mount(fileSystem, attributes)) {
                attach(scene, mount);
                Attach.finish(mounts, mount, options);
            }
        }
    }

    /** CVE-2019-19921, CVE-2023-28642: an image where /proc is a link escapes masks and labels. */
    private void attach(Scene scene, Fd mount) {
        boolean proc = type.equals("proc");
        Inside.Links links =
                proc || type.equals("sysfs") ? Inside.Links.REFUSE : Inside.Links.FOLLOW;
        try {
            Attach.at(scene, mount, destination, true, proc, links);
        } catch (Failure f) {
            if (links == Inside.Links.REFUSE && f.is(Errno.ELOOP)) {
                throw Failure.of(
                        "mount-target",
                        "filesystem \""
                                + type
                                + "\" must be mounted on ordinary directory, but "
                                + destination
                                + " is a symbolic link in the image");
            }
            throw f;
        }
    }

    /** Whether the mount can only become read-only when devices and mount points are in it. */
    public boolean isLateReadOnly() {
        return options.readOnly() && (type.equals("tmpfs") || destination.equals("/dev"));
    }

    private void configure(Scene scene, Fd fileSystem) {
        Mounts mounts = scene.init().mounts();
        try {
            if (!source.isEmpty()) {
                mounts.configure(fileSystem, "source", source);
            }
            if (options.readOnly() && !isLateReadOnly()) {
                mounts.configure(fileSystem, "ro");
            }
            for (String flag : options.fileSystemFlags()) {
                mounts.configure(fileSystem, flag);
            }
            if (type.equals("tmpfs")) {
                keepMode(scene, fileSystem);
            }
            for (String option : options.data()) {
                int equals = option.indexOf('=');
                if (equals < 0) {
                    mounts.configure(fileSystem, option);
                } else {
                    String value = option.substring(equals + 1);
                    mounts.configure(fileSystem, option.substring(0, equals), value);
                }
            }
            mounts.create(fileSystem);
            scene.init().flush();
        } catch (Failure f) {
            String complaints = f.is(Errno.EINVAL) ? mounts.complaints(fileSystem) : "";
            throw complaints.isEmpty() ? f : f.during(complaints);
        }
    }

    /** A tmpfs looks like the directory that it covers; an option {@code mode=} comes later. */
    private void keepMode(Scene scene, Fd fileSystem) {
        try (Fd covered = new Inside(scene.root()).find(destination)) {
            if (covered.isOpen()) {
                Stat stat = scene.init().files().stat(covered);
                String mode = Integer.toOctalString(stat.permissions());
                scene.init().mounts().configure(fileSystem, "mode", mode);
            }
        }
    }
}
