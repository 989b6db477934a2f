// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.child;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Call;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.ResolveFlag;
import io.jrunc.linux.Syscall;
import io.jrunc.linux.local.LocalKernel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Renames anywhere on the host make openat2(2) give up at ".."; every kernel tries again. */
class RenameRaceTest {
    private static final int RENAME_EXCHANGE = 2;
    private static final int LOOK_UPS = 3000;
    private static final String PATH = "one/../one/../file";

    @TempDir Path directory;

    @Test
    void lookUpsOfThisProcessAreTriedAgain() throws Exception {
        race(LocalKernel.get(), "one/../".repeat(8) + PATH); // each call takes longer here
    }

    @Test
    void lookUpsOfAChildAreTriedAgainWithinTheirBatch() throws Exception {
        try (Fd program = ChildProgram.sealed()) {
            ChildKernel child = ChildProgram.spawn(program, "child").kernel();
            race(child, PATH);
            child.close();
        }
    }

    private void race(Kernel kernel, String path) throws Exception {
        for (String name : new String[] {"one", "two", "three"}) {
            Files.createDirectory(directory.resolve(name));
        }
        Files.writeString(directory.resolve("file"), "x");
        AtomicBoolean over = new AtomicBoolean();
        Thread renaming = new Thread(() -> exchangeUntil(over), "renaming");
        renaming.start();
        try (Fd root = kernel.files().open(directory.toString(), OpenFlag.PATH)) {
            for (int i = 0; i < LOOK_UPS; i++) {
                try (Fd file =
                        kernel.files()
                                .resolve(
                                        root,
                                        path,
                                        EnumSet.of(OpenFlag.PATH),
                                        Set.of(ResolveFlag.IN_ROOT))) {
                    assertTrue(file.isOpen());
                }
            }
        } finally {
            over.set(true);
            renaming.join();
        }
    }

    private void exchangeUntil(AtomicBoolean over) {
        Kernel kernel = LocalKernel.get();
        try (Fd at = kernel.files().open(directory.toString(), OpenFlag.PATH)) {
            Arg[] args = {at, Arg.text("two"), at, Arg.text("three"), Arg.of(RENAME_EXCHANGE)};
            while (!over.get()) {
                new Call(kernel, Syscall.RENAMEAT2, "two", args).submit();
            }
        }
    }
}
