// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.usage;

import io.jrunc.cli.command.Context;
import io.jrunc.linux.Arg;
import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Strings;
import io.jrunc.linux.Syscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The caller's terminal while this program has all of it: keys arrive one by one and are not shown,
 * and what was on the screen is there again at the end. The end may be that this object is closed,
 * or that this program is killed: then the launcher restores the terminal. ioctl_tty(2),
 * termios(3).
 */
final class Screen implements AutoCloseable {
    /** The escape sequences of all terminals of today. Source: xterm, ctlseqs. */
    private static final String ENTER = "\u001b[?1049h\u001b[?25l";

    private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final String REVERSE = "\u001b[7m";
    private static final String PLAIN = "\u001b[0m";

    private static final long TCGETS = 0x5401;
    private static final long TCSETS = 0x5402;
    private static final long TIOCGWINSZ = 0x5413;
    private static final int TERMIOS_BYTES = 36;
    private static final int INPUT_FLAGS = 0;
    private static final int LOCAL_FLAGS = 12;
    private static final int FIRST_CHARACTER = 17;
    private static final int VTIME = 5;
    private static final int ICRNL_IXON = 0x100 | 0x400;
    private static final int ISIG_ICANON_ECHO_IEXTEN = 1 | 2 | 8 | 0x8000;
    private static final int SIG_BLOCK = 0;
    private static final long SIGTTOU = 1L << 21;
    private static final int PROCESS_GROUP = 2;
    private static final int FOREGROUND_GROUP = 5;
    private static final int USUAL_ROWS = 24;
    private static final int USUAL_COLUMNS = 80;

    private final Kernel kernel;
    private final Fd in;
    private final Fd out;
    private final byte[] saved;

    /** Rows and columns. */
    record Size(int rows, int columns) {}

    private Screen(Kernel kernel, Fd in, Fd out, byte[] saved) {
        this.kernel = kernel;
        this.in = in;
        this.out = out;
        this.saved = saved;
    }

    /** Takes the terminal; empty if input or output is none, or another job has it. */
    static Optional<Screen> open(Context context) {
        Kernel kernel = context.kernel();
        Fd in = context.request().in();
        Fd out = context.request().out();
        Optional<byte[]> saved = settings(kernel, in);
        if (saved.isEmpty() || settings(kernel, out).isEmpty() || !isInForeground()) {
            return Optional.empty();
        }
        Screen screen = new Screen(kernel, in, out, saved.get());
        // Once the launcher was killed, the shell has the terminal, and SIGTTOU would stop us.
        Arg set = Arg.struct(8, "[TTOU]").putLong(0, SIGTTOU);
        Arg[] args = {Arg.of(SIG_BLOCK), set, Arg.NULL, Arg.of(8)};
        new Call(kernel, Syscall.RT_SIGPROCMASK, "SIG_BLOCK", args).submit().result();
        context.launcher().setCleanup(screen::submitRestoring);
        screen.enter();
        return Optional.of(screen);
    }

    private static Optional<byte[]> settings(Kernel kernel, Fd terminal) {
        Arg.Out out = Arg.out(TERMIOS_BYTES);
        Call call = kernel.descriptors().ioctl(terminal, "TCGETS", TCGETS, out);
        return call.tolerateAll().submit().result() == 0
                ? Optional.of(out.bytes())
                : Optional.empty();
    }

    /** The launcher's process group is ours. proc_pid_stat(5). */
    private static boolean isInForeground() {
        String stat = Strings.ofFile("/proc/self/stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return fields[PROCESS_GROUP].equals(fields[FOREGROUND_GROUP]);
    }

    private static Arg.Struct structure(byte[] settings) {
        return Arg.struct(TERMIOS_BYTES, "termios").putBytes(0, settings);
    }

    private void enter() {
        ByteBuffer old = ByteBuffer.wrap(saved).order(ByteOrder.nativeOrder());
        Arg.Struct raw = structure(saved);
        raw.putInt(INPUT_FLAGS, old.getInt(INPUT_FLAGS) & ~ICRNL_IXON);
        raw.putInt(LOCAL_FLAGS, old.getInt(LOCAL_FLAGS) & ~ISIG_ICANON_ECHO_IEXTEN);
        raw.putBytes(FIRST_CHARACTER + VTIME, new byte[] {0, 1}); // VMIN follows VTIME
        kernel.descriptors().ioctl(in, "TCSETS", TCSETS, raw).submit().result();
        print(ENTER);
    }

    /** The launcher has the streams that we have, under their usual numbers. */
    private void submitRestoring(Kernel launcher) {
        Fd input = Fd.of(launcher, 0, "standard input");
        Fd output = Fd.of(launcher, 1, "standard output");
        Call restoring = launcher.descriptors().ioctl(input, "TCSETS", TCSETS, structure(saved));
        restoring.tolerateAll().submit();
        launcher.files().writeTolerantly(output, LEAVE.getBytes(StandardCharsets.US_ASCII));
    }

    Size size() {
        Arg.Out window = Arg.out(8);
        Call call = kernel.descriptors().ioctl(out, "TIOCGWINSZ", TIOCGWINSZ, window);
        boolean known = call.tolerateAll().submit().result() == 0;
        int rows = window.buffer().getShort(0);
        int columns = window.buffer().getShort(2);
        return known && rows > 0 && columns > 0
                ? new Size(rows, columns)
                : new Size(USUAL_ROWS, USUAL_COLUMNS);
    }

    /** Returns what becomes readable when a key is typed; lent. */
    Fd keys() {
        return in;
    }

    /** Returns the keys that were typed; none if the terminal is gone. */
    byte[] typed() {
        try {
            return kernel.files().read(in, 64);
        } catch (Failure f) {
            if (f.is(Errno.EIO)) {
                return new byte[0];
            }
            throw f;
        }
    }

    /**
     * Shows these lines and nothing else; what is too long or too much is cut off.
     *
     * @param marked the number of the line that is shown as a header
     */
    void show(Size size, List<String> lines, int marked, String last) {
        StringBuilder text = new StringBuilder(HOME);
        int count = Math.min(lines.size(), size.rows() - 1);
        for (int i = 0; i < count; i++) {
            String line = cut(lines.get(i), size.columns());
            boolean isHeader = i == marked;
            String filled = line + " ".repeat(size.columns() - line.length());
            text.append(isHeader ? REVERSE + filled + PLAIN : line + CLEAR_LINE).append("\r\n");
        }
        text.append(CLEAR_BELOW).append("\u001b[").append(size.rows()).append(";1H");
        text.append(cut(last, size.columns() - 1)).append(CLEAR_LINE);
        print(text.toString());
    }

    private static String cut(String line, int columns) {
        return line.length() <= columns ? line : line.substring(0, Math.max(0, columns));
    }

    private void print(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            kernel.files().writeAll(out, bytes);
        } catch (Failure f) {
            if (!f.is(Errno.EIO)) { // the terminal is gone
                throw f;
            }
        }
    }

    @Override
    public void close() {
        print(LEAVE);
        Call restoring = kernel.descriptors().ioctl(in, "TCSETS", TCSETS, structure(saved));
        restoring.tolerateAll().submit().result();
    }
}
