// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongSupplier;

/** System calls about the ids and rights of a process. credentials(7), capabilities(7). */
public final class Credentials {
    private static final int PR_SET_KEEPCAPS = 8;
    private static final int PR_CAPBSET_DROP = 24;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_CAP_AMBIENT = 47;
    private static final int PR_CAP_AMBIENT_RAISE = 2;
    private static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;
    private static final int CAPABILITY_VERSION_3 = 0x20080522;
    private static final int SECCOMP_SET_MODE_FILTER = 1;
    private static final String UNKNOWN_FLAG =
            "this kernel does not know one of linux.seccomp.flags";
    private static final int KEYCTL_JOIN_SESSION_KEYRING = 1;
    private static final int KEYCTL_SETPERM = 5;

    private final Kernel kernel;

    Credentials(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Sets real, effective and saved user id; -1 leaves one. setresuid(2). */
    public Call setUids(long real, long effective, long saved) {
        Arg[] args = {Arg.of(real), Arg.of(effective), Arg.of(saved)};
        return new Call(kernel, Syscall.SETRESUID, "uid " + Math.max(real, effective), args)
                .hint(Errno.EINVAL, "this id has no mapping in the user namespace");
    }

    /** Sets real, effective and saved group id; -1 leaves one. setresgid(2). */
    public Call setGids(long real, long effective, long saved) {
        Arg[] args = {Arg.of(real), Arg.of(effective), Arg.of(saved)};
        return new Call(kernel, Syscall.SETRESGID, "gid " + Math.max(real, effective), args)
                .hint(Errno.EINVAL, "this id has no mapping in the user namespace");
    }

    /** Sets the supplementary groups. setgroups(2); EPERM where /proc/self/setgroups denies it. */
    public Call setGroups(List<Long> gids) {
        Arg.Struct list = Arg.struct(Math.max(4 * gids.size(), 4), gids.toString());
        for (int i = 0; i < gids.size(); i++) {
            list.putInt(4 * i, gids.get(i).intValue());
        }
        Arg size = Arg.of(gids.size());
        return new Call(kernel, Syscall.SETGROUPS, gids.toString(), size, list)
                .hint(Errno.EINVAL, "a group has no mapping in the user namespace")
                .hint(Errno.EPERM, "only root may choose its additional groups");
    }

    /** Keeps the permitted capabilities when the user id changes. prctl(2), PR_SET_KEEPCAPS. */
    public void keepCapabilities(boolean keep) {
        prctl("PR_SET_KEEPCAPS", PR_SET_KEEPCAPS, keep ? 1 : 0);
    }

    /** Takes a capability out of the bounding set for ever. prctl(2), PR_CAPBSET_DROP. */
    public void dropFromBoundingSet(int capability) {
        prctl("PR_CAPBSET_DROP " + capability, PR_CAPBSET_DROP, capability);
    }

    /** Sets three capability sets at once, one bit per capability. capset(2). */
    public void setCapabilities(long effective, long permitted, long inheritable) {
        String shown =
                "{effective="
                        + hex(effective)
                        + ", permitted="
                        + hex(permitted)
                        + ", inheritable="
                        + hex(inheritable)
                        + "}";
        Arg head = Arg.struct(8, "{version=3}").putInt(0, CAPABILITY_VERSION_3);
        Arg.Struct sets = Arg.struct(24, shown);
        for (int half = 0; half < 2; half++) {
            int shift = 32 * half;
            sets.putInt(12 * half, (int) (effective >>> shift));
            sets.putInt(12 * half + 4, (int) (permitted >>> shift));
            sets.putInt(12 * half + 8, (int) (inheritable >>> shift));
        }
        new Call(kernel, Syscall.CAPSET, shown, head, sets)
                .hint(Errno.EPERM, "the runtime itself lacks one of these capabilities")
                .submit();
    }

    /** Returns the permitted capabilities of this process, one bit per number. capget(2). */
    public long permittedCapabilities() {
        return askForPermittedCapabilities().getAsLong();
    }

    /** As {@link #permittedCapabilities}; nothing waits for the answer yet. */
    public LongSupplier askForPermittedCapabilities() {
        return capabilities(Integer.BYTES);
    }

    /** Returns the effective capabilities of this process, one bit per number. capget(2). */
    public long effectiveCapabilities() {
        return capabilities(0).getAsLong();
    }

    /**
     * Returns one of the sets of {@code struct __user_cap_data_struct}: its lower and its upper
     * half.
     */
    private LongSupplier capabilities(int offset) {
        Arg head = Arg.struct(8, "{version=3}").putInt(0, CAPABILITY_VERSION_3);
        Arg.Out sets = Arg.out(24);
        Call get = new Call(kernel, Syscall.CAPGET, "", head, sets).submit();
        return () -> {
            get.result();
            ByteBuffer words = sets.buffer();
            return (words.getInt(offset) & 0xffffffffL) | ((long) words.getInt(12 + offset) << 32);
        };
    }

    private static String hex(long bits) {
        return "0x" + Long.toHexString(bits);
    }

    /** Empties the ambient set; EINVAL on a kernel without it is an answer. prctl(2). */
    public void clearAmbient() {
        Arg[] args = {
            Arg.of(PR_CAP_AMBIENT),
            Arg.of(PR_CAP_AMBIENT_CLEAR_ALL),
            Arg.of(0),
            Arg.of(0),
            Arg.of(0)
        };
        new Call(kernel, Syscall.PRCTL, "PR_CAP_AMBIENT_CLEAR_ALL", args).submit();
    }

    /** Adds to the ambient set what is permitted and inheritable; else EPERM. prctl(2). */
    public Call raiseAmbient(int capability) {
        Arg[] args = {
            Arg.of(PR_CAP_AMBIENT),
            Arg.of(PR_CAP_AMBIENT_RAISE),
            Arg.of(capability),
            Arg.of(0),
            Arg.of(0)
        };
        return new Call(kernel, Syscall.PRCTL, "PR_CAP_AMBIENT_RAISE " + capability, args);
    }

    /** From now on no execve(2) grants anything. prctl(2), PR_SET_NO_NEW_PRIVS. */
    public void setNoNewPrivileges() {
        Arg[] args = {Arg.of(PR_SET_NO_NEW_PRIVS), Arg.of(1), Arg.of(0), Arg.of(0), Arg.of(0)};
        new Call(kernel, Syscall.PRCTL, "PR_SET_NO_NEW_PRIVS", args).submit();
    }

    /**
     * Loads a seccomp filter. seccomp(2), SECCOMP_SET_MODE_FILTER.
     *
     * @param program an array of {@code struct sock_filter}
     */
    public Call loadFilter(byte[] program, long flags) {
        String shown = "{" + program.length / 8 + " instructions}";
        Arg filter =
                Arg.struct(16, shown)
                        .putShort(0, program.length / 8)
                        .put(8, Arg.data(program, shown));
        Arg mode = Arg.of(SECCOMP_SET_MODE_FILTER);
        return new Call(kernel, Syscall.SECCOMP, "filter", mode, Arg.of(flags), filter)
                .hint(Errno.EINVAL, UNKNOWN_FLAG);
    }

    /**
     * Asks whether the kernel knows these flags, by loading a filter from nowhere: EFAULT, it does,
     * is an answer. seccomp(2), "EINVAL".
     */
    public Call checkFilterFlags(long flags) {
        Arg mode = Arg.of(SECCOMP_SET_MODE_FILTER);
        return new Call(kernel, Syscall.SECCOMP, "filter", mode, Arg.of(flags), Arg.NULL)
                .tolerate(Errno.EFAULT)
                .hint(Errno.EINVAL, UNKNOWN_FLAG);
    }

    /**
     * Makes a call that does not exist, so that the filter of this process notifies the listener,
     * whose answer ends the wait. ENOSYS: the listener is gone.
     *
     * @param number the number for which the filter notifies
     */
    public Call awaitListener(int number) {
        return new Call(kernel, new AwaitListener(number), "");
    }

    private record AwaitListener(int number) implements Operation {
        @Override
        public String manualName() {
            return "await_listener";
        }
    }

    /** Returns a random number of 128 bits, in hexadecimal. getrandom(2). */
    public String randomName() {
        Arg.Out random = Arg.out(16);
        new Call(kernel, Syscall.GETRANDOM, "", random, Arg.of(16), Arg.of(0)).submit().result();
        ByteBuffer bytes = random.buffer();
        return Long.toHexString(bytes.getLong(0)) + Long.toHexString(bytes.getLong(8));
    }

    /** Joins a new session keyring of this name. keyctl(2), KEYCTL_JOIN_SESSION_KEYRING. */
    public Call joinSessionKeyring(String name) {
        return new Call(
                kernel, Syscall.KEYCTL, name, Arg.of(KEYCTL_JOIN_SESSION_KEYRING), Arg.text(name));
    }

    /**
     * Sets the permissions of the key that {@code join} results in. keyctl(2), KEYCTL_SETPERM.
     *
     * @param name of the key, for messages
     */
    public Call setKeyPermissions(Call join, String name, long permissions) {
        Arg[] args = {Arg.of(KEYCTL_SETPERM), new Arg.Result(join), Arg.of(permissions)};
        return new Call(kernel, Syscall.KEYCTL, "key " + name, args);
    }

    private void prctl(String name, int option, long value) {
        new Call(kernel, Syscall.PRCTL, name, Arg.of(option), Arg.of(value)).submit();
    }
}
