// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.serve;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Sockets;
import io.jrunc.linux.Stat;
import java.util.Optional;

/**
 * The socket to which launchers connect: {@code DIRECTORY/socket}. A launcher trusts it because
 * only its own user can write to the directory.
 */
final class Listener implements AutoCloseable {
    private static final String NAME = "socket";
    private static final String DRAFT = ".socket.new";
    private static final int DIRECTORY_MODE = 0700;

    /** More than there are workers: then a launcher does better to start a JVM. */
    private static final int BACKLOG = 8;

    private final Kernel kernel;
    private final String directory;
    private final Fd socket;

    /** Of the socket's file, to remove no other one; 0: systemd made it. */
    private final long inode;

    private Listener(Kernel kernel, String directory, Fd socket, long inode) {
        this.kernel = kernel;
        this.directory = directory;
        this.socket = socket;
        this.inode = inode;
    }

    /** Takes over the socket that systemd listens on. sd_listen_fds(3). */
    static Listener inherited(Kernel kernel, int number, String directory) {
        try (Fd inherited = Fd.of(kernel, number, NAME)) {
            Fd socket = kernel.descriptors().duplicate(inherited);
            return new Listener(kernel, directory, socket, 0);
        }
    }

    /** Makes the directory if it is missing, and listens there; {@link Failure} if another does. */
    static Listener create(Kernel kernel, String directory, int uid) {
        Files files = kernel.files();
        kernel.directories()
                .mkdir(files.here(), directory, DIRECTORY_MODE)
                .tolerate(Errno.EEXIST)
                .hint(Errno.ENOENT, "the directory above it is missing; is the user logged in?")
                .submit();
        try (Fd place = files.open(directory, OpenFlag.DIRECTORY, OpenFlag.NOFOLLOW)) {
            Stat stat = files.stat(place);
            if (stat.uid() != uid || stat.permissions() != DIRECTORY_MODE) {
                throw Failure.of(
                        Failure.Code.HOST,
                        directory
                                + " must be a directory of user "
                                + uid
                                + " with mode 0700; remove it");
            }
            requireNoOther(kernel.sockets(), directory);
            return listen(kernel, directory, place);
        }
    }

    private static void requireNoOther(Sockets sockets, String directory) {
        try (Fd probe = sockets.unixStream(NAME)) {
            sockets.connect(probe, directory + "/" + NAME);
        } catch (Failure f) {
            if (f.is(Errno.ENOENT) || f.is(Errno.ECONNREFUSED)) {
                return; // there is none, or it has ended
            }
            throw f;
        }
        throw Failure.of(
                Failure.Code.EXISTS,
                "a resident runtime serves at " + directory + " already; end that one first");
    }

    /** A launcher finds the socket under its name only once it is listened on. */
    private static Listener listen(Kernel kernel, String directory, Fd place) {
        Files files = kernel.files();
        Fd socket = kernel.sockets().unixStream(NAME);
        try {
            kernel.directories().unlink(place, DRAFT).tolerate(Errno.ENOENT).submit();
            kernel.sockets().bind(socket, directory + "/" + DRAFT);
            files.chmodAt(place, DRAFT, 0600);
            kernel.sockets().listen(socket, BACKLOG);
            kernel.directories().rename(place, DRAFT, NAME);
            return new Listener(kernel, directory, socket, files.statAt(place, NAME).inode());
        } catch (RuntimeException f) {
            socket.close();
            throw f;
        }
    }

    /** Waits for a connection. */
    Fd accept() {
        return kernel.sockets().accept(socket);
    }

    /** Removes the socket's file: from now on launchers do without this program. */
    @Override
    public void close() {
        Files files = kernel.files();
        String path = directory + "/" + NAME;
        Optional<Stat> now = inode == 0 ? Optional.empty() : files.linkStatIfExists(path);
        if (now.isPresent() && now.get().inode() == inode) {
            kernel.directories().unlink(files.here(), path).tolerate(Errno.ENOENT).submit();
        }
    }
}
