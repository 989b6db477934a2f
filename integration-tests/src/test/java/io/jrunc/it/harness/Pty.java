// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Arg;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.local.LocalKernel;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A terminal of the host, and its user. pty(7), ioctl_tty(2). */
public final class Pty implements AutoCloseable {
    private static final long TIOCGPTN = 0x80045430L;
    private static final long TIOCSPTLCK = 0x40045431L;
    private static final long TIOCSWINSZ = 0x5414;
    private static final long TCGETS = 0x5401;
    private static final int TERMIOS_BYTES = 36;
    private static final int LOCAL_FLAGS = 12;
    private static final int ICANON = 2;
    private static final int ECHO = 8;
    private static final long PATIENCE_MILLIS = 15_000;
    private static final int POLL_MILLIS = 10;

    private final Kernel kernel = LocalKernel.get();
    private final Fd master;
    private final File other;
    private final StringBuilder screen = new StringBuilder();
    private final List<Process> processes = new ArrayList<>();

    public Pty() {
        master = kernel.files().open("/dev/ptmx", OpenFlag.RDWR, OpenFlag.NOCTTY);
        kernel.descriptors().ioctl(master, "TIOCSPTLCK", TIOCSPTLCK, Arg.struct(4, "[0]")).submit();
        Arg.Out number = Arg.out(4);
        kernel.descriptors().ioctl(master, "TIOCGPTN", TIOCGPTN, number).submit().result();
        other = new File("/dev/pts/" + number.buffer().getInt(0));
    }

    /** The other end's path on this host. */
    public Path path() {
        return other.toPath();
    }

    /** Whether the other end was ever opened, and is not any more. */
    public boolean wasOpened() {
        if (!kernel.processes().awaitReadable(master, POLL_MILLIS)) {
            return false;
        }
        try {
            return kernel.files().read(master, 1).length > 0;
        } catch (Failure f) {
            return f.is(Errno.EIO);
        }
    }

    /** Starts a command in a session of its own, whose terminal this is. */
    public Process start(Path directory, List<String> command) {
        List<String> all = new ArrayList<>(List.of("setsid", "--ctty"));
        all.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(all)
                        .directory(directory.toFile())
                        .redirectInput(other)
                        .redirectOutput(other)
                        .redirectError(other);
        builder.environment().put("PS1", "host$ ");
        try {
            Process process = builder.start();
            processes.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Types on its keyboard. */
    public void type(String keys) {
        kernel.files().writeAll(master, keys.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Waits until the text is on the screen behind what was waited for last. */
    public void awaitText(String text) {
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        int at = screen.indexOf(text);
        while (at < 0) {
            assertTrue(System.nanoTime() < end, () -> "no \"" + text + "\" on: " + screen);
            read();
            at = screen.indexOf(text);
        }
        screen.delete(0, at + text.length());
    }

    /** What is on the screen behind what was waited for last. */
    public String screen() {
        while (read()) {
            // there was more
        }
        return screen.toString().replace("\r", "");
    }

    private boolean read() {
        if (!kernel.processes().awaitReadable(master, POLL_MILLIS)) {
            return false;
        }
        try {
            byte[] part = kernel.files().read(master, 4096);
            screen.append(new String(part, StandardCharsets.ISO_8859_1));
            return part.length > 0;
        } catch (Failure f) {
            if (f.is(Errno.EIO)) {
                Host.pause(POLL_MILLIS); // the other end is not open
                return false;
            }
            throw f;
        }
    }

    /** The exit status of a process that was started here. */
    public int await(Process process) {
        try {
            long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
            while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                assertTrue(System.nanoTime() < end, () -> "did not end: " + screen);
                read();
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public void resize(int rows, int columns) {
        Arg size = Arg.struct(8, rows + "x" + columns).putShort(0, rows).putShort(2, columns);
        kernel.descriptors().ioctl(master, "TIOCSWINSZ", TIOCSWINSZ, size).submit();
    }

    /** All its settings, to compare. */
    public String settings() {
        return Arrays.toString(termios().bytes());
    }

    /** Whether keys go to the program one by one, unchanged and not echoed. */
    public boolean isRaw() {
        return (termios().buffer().getInt(LOCAL_FLAGS) & (ICANON | ECHO)) == 0;
    }

    public boolean becomesRaw(boolean raw) {
        return Host.becomes(PATIENCE_MILLIS, () -> isRaw() == raw);
    }

    private Arg.Out termios() {
        Arg.Out termios = Arg.out(TERMIOS_BYTES);
        kernel.descriptors().ioctl(master, "TCGETS", TCGETS, termios).submit().result();
        return termios;
    }

    /** Goes away, as a terminal does whose window is closed. */
    public void hangUp() {
        master.close();
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.destroyForcibly();
        }
        master.close();
    }
}
