// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Syscall;
import io.jrunc.linux.local.LocalKernel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The kernel of this process, except that one directory behaves as the resctrl file system does: a
 * new directory has its files at once, one with files in it can be removed, and a mask of 0 is
 * refused with an explanation.
 */
public final class FakeResctrl implements Kernel {
    private final LocalKernel local = LocalKernel.get();
    private final Path root;

    public FakeResctrl(Path root) {
        this.root = root;
        group(root);
        directory(root.resolve("info"));
        status("ok");
    }

    public Path root() {
        return root;
    }

    /** Makes a group as an administrator would. */
    public Path group(String name, String schemata) {
        Path group = root.resolve(name);
        directory(group);
        group(group);
        write(group.resolve("schemata"), schemata);
        return group;
    }

    @Override
    public void submit(Call call) {
        if (call.operation() == Syscall.WRITE && isRefused(call)) {
            status("Mask out of range");
            call.complete(-Errno.EINVAL.number());
            throw call.failure(-Errno.EINVAL.number());
        }
        Path path = Path.of("/" + call.subject()).normalize();
        boolean ours = path.startsWith(root) && !path.equals(root);
        if (ours && call.operation() == Syscall.UNLINKAT) {
            removeFiles(path);
        }
        local.submit(call);
        if (ours && call.operation() == Syscall.MKDIRAT && call.result() == 0) {
            group(path);
        }
    }

    private static boolean isRefused(Call call) {
        String text =
                call.args()[1] instanceof Arg.Data data
                        ? new String(data.bytes(), StandardCharsets.UTF_8)
                        : "";
        return ((Fd) call.args()[0]).name().endsWith("/schemata") && text.contains("=0\n");
    }

    private static void group(Path group) {
        write(group.resolve("tasks"), "");
        write(group.resolve("schemata"), "");
        if (!group.getParent().endsWith("mon_groups")) {
            directory(group.resolve("mon_groups"));
        }
    }

    private void status(String text) {
        write(root.resolve("info/last_cmd_status"), text + "\n");
    }

    private static void removeFiles(Path group) {
        for (String name : new String[] {"tasks", "schemata", "mon_groups"}) {
            group.resolve(name).toFile().delete();
        }
    }

    private static void directory(Path path) {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void flush() {
        local.flush();
    }

    @Override
    public Kernel bornOf(Call clone, String processName) {
        return local.bornOf(clone, processName);
    }

    @Override
    public void finish() {
        local.finish();
    }

    @Override
    public void close() {
        local.close();
    }
}
