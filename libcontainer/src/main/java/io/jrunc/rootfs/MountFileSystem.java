package io.jrunc.rootfs;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.MountAttr;
import io.jrunc.linux.Mounts;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Mounts a new file system. The attributes are set when it is created, except read-only where later
 * steps still write to it.
 *
 * @param source only a name for /proc/self/mountinfo, for most types
 * @param rootLabel the SELinux context of its root directory; absent leaves that to the policy
 */
public record MountFileSystem(
        int index,
        String type,
        String source,
        String destination,
        MountOptions options,
        Optional<String> rootLabel)
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
                if (options.has(MountOptions.Extra.COPY_UP)) {
                    copyUp(scene, mount);
                }
                if (rootLabel.isPresent()) {
                    label(init, mount, rootLabel.get());
                }
                attach(scene, mount);
                Attach.finish(mounts, mount, options);
            }
        }
    }

    /** Into the mount while nobody else can reach it. */
    private void copyUp(Scene scene, Fd mount) {
        Files files = scene.init().files();
        try (Fd covered = new Inside(scene.root()).find(destination)) {
            if (!covered.isOpen()) {
                return;
            }
            try (Fd from = files.openAt(covered, ".", OpenFlag.DIRECTORY);
                    Fd to = files.openAt(mount, ".", OpenFlag.DIRECTORY)) {
                boolean owner =
                        FileSystemOptions.has(options, "uid")
                                || FileSystemOptions.has(options, "gid");
                CopyTree.copy(from, to, !owner);
            }
        }
    }

    /** Before the mount is attached: then nothing else can be there in its place. */
    private static void label(Kernel init, Fd mount, String context) {
        try (Fd directory = init.files().openAt(mount, ".", OpenFlag.DIRECTORY)) {
            init.copies().setSelinuxContext(directory, context).submit();
        } catch (Failure f) {
            throw f.during("linux.mountLabel");
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
            FileSystemOptions.setFlags(mounts, fileSystem, options);
            if (type.equals("tmpfs")) {
                keepMode(scene, fileSystem);
            }
            FileSystemOptions.setData(mounts, fileSystem, options);
            mounts.create(fileSystem);
            scene.init().flush();
        } catch (Failure f) {
            throw FileSystemOptions.explained(mounts, fileSystem, f);
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
