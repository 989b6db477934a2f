package io.jrunc.linux;

/** eBPF programs. Source: bpf(2), linux/bpf.h. */
public final class Bpf {
    private static final int BPF_PROG_LOAD = 5;
    private static final int BPF_PROG_ATTACH = 8;
    private static final int BPF_PROG_TYPE_CGROUP_DEVICE = 15;
    private static final int BPF_CGROUP_DEVICE = 6;
    private static final int BPF_F_ALLOW_MULTI = 2;
    private static final int LOAD_BYTES = 64;
    private static final int ATTACH_BYTES = 16;
    private static final int INSTRUCTION_BYTES = 8;

    /** Programs that call no helper reserved for the GPL may have any. */
    private static final String LICENSE = "Apache-2.0";

    private final Kernel kernel;

    Bpf(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Loads a program that decides about devices. Needs CAP_BPF or CAP_SYS_ADMIN in the first user
     * namespace, else EPERM. Linux 4.15.
     *
     * @param program an array of {@code struct bpf_insn}
     */
    public Fd loadDeviceProgram(byte[] program) {
        String shown = program.length / INSTRUCTION_BYTES + " instructions";
        Arg attributes =
                Arg.struct(LOAD_BYTES, "{prog_type=BPF_PROG_TYPE_CGROUP_DEVICE, " + shown + "}")
                        .putInt(0, BPF_PROG_TYPE_CGROUP_DEVICE)
                        .putInt(4, program.length / INSTRUCTION_BYTES)
                        .put(8, Arg.data(program, shown))
                        .put(16, Arg.text(LICENSE));
        Call load =
                new Call(
                        kernel,
                        Syscall.BPF,
                        "device program",
                        Arg.of(BPF_PROG_LOAD),
                        attributes,
                        Arg.of(LOAD_BYTES));
        return Fd.openedBy(load.submit(), kernel, "device program");
    }

    /** Lets {@code program} decide for all processes in {@code cgroup}, beside its ancestors'. */
    public void attachDeviceProgram(Fd cgroup, Fd program) {
        Arg attributes =
                Arg.struct(ATTACH_BYTES, "{attach_type=BPF_CGROUP_DEVICE, BPF_F_ALLOW_MULTI}")
                        .putFd(0, cgroup)
                        .putFd(4, program)
                        .putInt(8, BPF_CGROUP_DEVICE)
                        .putInt(12, BPF_F_ALLOW_MULTI);
        new Call(
                        kernel,
                        Syscall.BPF,
                        cgroup.name(),
                        Arg.of(BPF_PROG_ATTACH),
                        attributes,
                        Arg.of(ATTACH_BYTES))
                .submit();
    }
}
