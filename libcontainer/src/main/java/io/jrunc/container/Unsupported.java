package io.jrunc.container;

import io.jrunc.linux.Failure;
import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SyscallRule;
import io.jrunc.spec.BlockIo;
import io.jrunc.spec.Linux;
import io.jrunc.spec.NetworkClass;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Resources;
import io.jrunc.spec.Spec;

/** Refuses, by name, what is valid but not carried out yet: nothing is ever silently ignored. */
final class Unsupported {
    private Unsupported() {}

    static void refuse(Spec spec) {
        if (spec.process().isPresent()) {
            process(spec.process().get());
        }
        linux(spec.linux());
        resources(spec.linux().resources());
    }

    private static void process(ProcessSpec process) {
        refuse(process.apparmorProfile().isPresent(), "process.apparmorProfile");
        refuse(process.selinuxLabel().isPresent(), "process.selinuxLabel");
    }

    private static void linux(Linux linux) {
        refuse(!linux.netDevices().isEmpty(), "linux.netDevices");
        refuse(linux.mountLabel().isPresent(), "linux.mountLabel");
        refuse(linux.intelRdt().isPresent(), "linux.intelRdt");
        if (linux.seccomp().isPresent()) {
            Seccomp seccomp = linux.seccomp().get();
            for (int i = 0; i < seccomp.syscalls().size(); i++) {
                SyscallRule rule = seccomp.syscalls().get(i);
                refuse(rule.action() == Action.NOTIFY, "linux.seccomp.syscalls[" + i + "].action");
            }
        }
    }

    private static void resources(Resources resources) {
        String at = "linux.resources.";
        refuse(!resources.hugepageLimits().isEmpty(), at + "hugepageLimits");
        refuse(!resources.rdma().isEmpty(), at + "rdma");
        refuse(!resources.unified().isEmpty(), at + "unified");
        refuse(!resources.network().equals(NetworkClass.NONE), at + "network");
        refuse(!isUnset(resources.blockIo()), at + "blockIO");
        refuse(resources.cpu().burst().orElse(0) != 0, at + "cpu.burst");
        refuse(resources.cpu().idle().orElse(0) != 0, at + "cpu.idle");
        refuse(resources.cpu().realtimeRuntime().orElse(0) != 0, at + "cpu.realtimeRuntime");
        refuse(resources.cpu().realtimePeriod().orElse(0) != 0, at + "cpu.realtimePeriod");
    }

    /** Engines write a weight of 0 for "not set". */
    private static boolean isUnset(BlockIo blockIo) {
        return blockIo.equals(BlockIo.NONE)
                || blockIo.weight().orElse(0) == 0
                        && blockIo.leafWeight().orElse(0) == 0
                        && blockIo.weightDevice().isEmpty()
                        && blockIo.throttleReadBpsDevice().isEmpty()
                        && blockIo.throttleWriteBpsDevice().isEmpty()
                        && blockIo.throttleReadIopsDevice().isEmpty()
                        && blockIo.throttleWriteIopsDevice().isEmpty();
    }

    private static void refuse(boolean asked, String field) {
        if (asked) {
            throw Failure.unsupported(
                    field, "not supported by this version of jrunc yet; remove it");
        }
    }
}
