// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux;

import java.util.ArrayList;
import java.util.List;

/** eBPF programs. Source: bpf(2), linux/bpf.h. */
public final class Bpf {
    private static final int BPF_PROG_LOAD = 5;
    private static final int BPF_PROG_ATTACH = 8;
    private static final int BPF_PROG_DETACH = 9;
    private static final int BPF_PROG_GET_FD_BY_ID = 13;
    private static final int BPF_PROG_QUERY = 16;
    private static final int BPF_PROG_TYPE_CGROUP_DEVICE = 15;
    private static final int BPF_CGROUP_DEVICE = 6;
    private static final int BPF_F_ALLOW_MULTI = 2;
    private static final int BPF_F_REPLACE = 4;
    private static final int MAX_PROGRAMS = 64;
    private static final int LOAD_BYTES = 64;
    private static final int ATTACH_BYTES = 24;
    private static final int QUERY_BYTES = 32;
    private static final int ID_BYTES = 16;
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
        Call load = bpf(BPF_PROG_LOAD, "device program", attributes);
        return Fd.openedBy(load, kernel, "device program");
    }

    /** Lets {@code program} decide for all processes in {@code cgroup}, beside its ancestors'. */
    public void attachDeviceProgram(Fd cgroup, Fd program) {
        Arg.Struct attributes = attachment("BPF_F_ALLOW_MULTI", cgroup, program);
        bpf(BPF_PROG_ATTACH, cgroup.name(), attributes.putInt(12, BPF_F_ALLOW_MULTI));
    }

    /** Puts {@code program} in the place of {@code replaced}, at once. Linux 5.6. */
    public void replaceDeviceProgram(Fd cgroup, Fd program, Fd replaced) {
        Arg.Struct attributes = attachment("BPF_F_REPLACE", cgroup, program);
        attributes.putInt(12, BPF_F_ALLOW_MULTI | BPF_F_REPLACE).putFd(16, replaced);
        bpf(BPF_PROG_ATTACH, cgroup.name(), attributes);
    }

    /** Ends what {@link #attachDeviceProgram} began. */
    public void detachDeviceProgram(Fd cgroup, Fd program) {
        bpf(BPF_PROG_DETACH, cgroup.name(), attachment("", cgroup, program));
    }

    private static Arg.Struct attachment(String flags, Fd cgroup, Fd program) {
        return Arg.struct(ATTACH_BYTES, "{attach_type=BPF_CGROUP_DEVICE, " + flags + "}")
                .putFd(0, cgroup)
                .putFd(4, program)
                .putInt(8, BPF_CGROUP_DEVICE);
    }

    /** Returns the ids of the programs that are attached to {@code cgroup} itself, at most 64. */
    public List<Integer> devicePrograms(Fd cgroup) {
        Arg.Out ids = Arg.out(Integer.BYTES * MAX_PROGRAMS);
        Arg attributes =
                Arg.struct(QUERY_BYTES, "{attach_type=BPF_CGROUP_DEVICE}")
                        .putFd(0, cgroup)
                        .putInt(4, BPF_CGROUP_DEVICE)
                        .put(16, ids)
                        .putInt(24, MAX_PROGRAMS);
        bpf(BPF_PROG_QUERY, cgroup.name(), attributes).result();
        List<Integer> found = new ArrayList<>();
        for (int at = 0; at < ids.bytes().length; at += Integer.BYTES) {
            int id = ids.buffer().getInt(at);
            if (id != 0) {
                found.add(id);
            }
        }
        return found;
    }

    /** Returns a program that is loaded. Linux 4.13. */
    public Fd openProgram(int id) {
        String name = "program " + id;
        Arg attributes = Arg.struct(ID_BYTES, "{prog_id=" + id + "}").putInt(0, id);
        return Fd.openedBy(bpf(BPF_PROG_GET_FD_BY_ID, name, attributes), kernel, name);
    }

    private Call bpf(int command, String subject, Arg attributes) {
        int size = ((Arg.Struct) attributes).bytes().length;
        Arg[] arguments = {Arg.of(command), attributes, Arg.of(size)};
        return new Call(kernel, Syscall.BPF, subject, arguments).submit();
    }
}
