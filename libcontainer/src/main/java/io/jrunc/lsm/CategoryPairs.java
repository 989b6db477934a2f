// SPDX-License-Identifier: Apache-2.0
package io.jrunc.lsm;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * Allots pairs of categories, each only once. Which ones are given away is remembered in a
 * directory: a file for each, with the path of its owner, the document that names the pair. When
 * there is no such document any more, the pair is free again.
 */
public final class CategoryPairs {
    private static final int DIRECTORY_MODE = 0755;
    private static final int FILE_MODE = 0600;

    /** Locked before flock(2): a thread that waits in a native call blocks other threads. */
    private static final Object IN_THIS_PROCESS = new Object();

    private final Kernel kernel;
    private final String directory;
    private final IntUnaryOperator random;

    /**
     * The pairs that are remembered in {@code directory}.
     *
     * @param directory absolute, made if it is missing; all programs on a host must share it
     */
    public CategoryPairs(Kernel kernel, String directory) {
        this(kernel, directory, new SecureRandom()::nextInt);
    }

    /** With another source of numbers: from 0 to its argument, which it does not reach. */
    CategoryPairs(Kernel kernel, String directory, IntUnaryOperator random) {
        this.kernel = kernel;
        this.directory = directory;
        this.random = random;
    }

    /**
     * Allots a pair that is neither given away nor part of a label in use.
     *
     * @param owner a file that exists, absolute; the pair is allotted as long as it does
     * @param inUse contexts of all processes or containers
     */
    public CategoryPair allot(String owner, List<String> inUse) {
        Files files = kernel.files();
        if (!files.exists(owner)) {
            throw Failure.of(
                    Failure.Code.LABEL, owner + ": does not exist, so it can own no label");
        }
        Set<CategoryPair> taken = new HashSet<>();
        for (String context : inUse) {
            CategoryPair.of(context).ifPresent(taken::add);
        }
        synchronized (IN_THIS_PROCESS) {
            return allot(files, owner, taken);
        }
    }

    private CategoryPair allot(Files files, String owner, Set<CategoryPair> taken) {
        makeDirectory(files);
        try (Fd all = files.open(directory, OpenFlag.DIRECTORY)) {
            kernel.descriptors().lock(all); // until it is closed: others allot, too
            int first = random.applyAsInt(CategoryPair.PAIRS);
            for (int i = 0; i < CategoryPair.PAIRS; i++) {
                CategoryPair pair = CategoryPair.numbered((first + i) % CategoryPair.PAIRS);
                if (!taken.contains(pair) && isFree(files, all, pair.toString())) {
                    remember(files, all, pair.toString(), owner);
                    return pair;
                }
            }
        }
        throw Failure.of(
                Failure.Code.LABEL, "all pairs of SELinux categories are in use; see " + directory);
    }

    private void makeDirectory(Files files) {
        for (int end = directory.indexOf('/', 1); end > 0; end = directory.indexOf('/', end + 1)) {
            mkdir(files, directory.substring(0, end));
        }
        mkdir(files, directory);
    }

    private static void mkdir(Files files, String path) {
        files.directories()
                .mkdir(files.here(), path, DIRECTORY_MODE)
                .tolerate(Errno.EEXIST)
                .hint(Errno.EACCES, "SELinux categories that are in use are remembered there")
                .submit()
                .result();
    }

    private static boolean isFree(Files files, Fd all, String pair) {
        try (Fd file = files.openIfExists(all, pair, OpenFlag.RDONLY, OpenFlag.NOFOLLOW)) {
            return !file.isOpen() || !files.exists(files.readText(file));
        }
    }

    /** Writes under another name first: a killed process leaves no pair without an owner. */
    private static void remember(Files files, Fd all, String pair, String owner) {
        String name = pair + ".new";
        files.directories().unlink(all, name).tolerate(Errno.ENOENT).submit();
        try (Fd file = files.create(all, name, FILE_MODE, OpenFlag.WRONLY)) {
            files.write(file, owner).result();
        }
        files.directories().rename(all, name, pair);
    }
}
