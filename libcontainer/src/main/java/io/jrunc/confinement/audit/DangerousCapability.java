// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import static io.jrunc.confinement.audit.Severity.CRITICAL;
import static io.jrunc.confinement.audit.Severity.HIGH;
import static io.jrunc.confinement.audit.Severity.INFO;
import static io.jrunc.confinement.audit.Severity.LOW;
import static io.jrunc.confinement.audit.Severity.MEDIUM;

import java.util.Locale;

/**
 * A capability that gives power over more than the container, and which. In a user namespace most
 * count only for what the namespace owns; those for which the kernel asks in the first one are of
 * no use there at all. Source: capabilities(7), user_namespaces(7).
 */
enum DangerousCapability {
    SYS_ADMIN(
            CRITICAL,
            MEDIUM,
            "mounts file systems, the host's disks among them where a device can be had, leaves"
                    + " read-only mounts and masks behind, joins namespaces; much of the kernel is"
                    + " open to it only"),
    SYS_MODULE(CRITICAL, INFO, "loads code into the host's kernel"),
    SYS_RAWIO(CRITICAL, INFO, "reaches I/O ports, and memory through /dev/mem and /proc/kcore"),
    BPF(
            HIGH,
            INFO,
            "loads BPF programs and looks at those of others; with CAP_PERFMON they read the"
                    + " kernel's memory"),
    DAC_READ_SEARCH(
            HIGH,
            INFO,
            "reads every file of a file system of which something is mounted, also outside the"
                    + " container, by open_by_handle_at(2)"),
    SYS_PTRACE(
            HIGH,
            LOW,
            "reads and changes every process that it sees; with the host's pid namespace those of"
                    + " the host"),
    SYS_BOOT(
            HIGH,
            INFO,
            "makes ready another kernel for the host to boot (kexec_load(2)); reboot(2) itself only"
                    + " ends the container's pid namespace, if it has one"),
    MAC_ADMIN(HIGH, INFO, "changes the policy of Smack, AppArmor and other security modules"),
    MAC_OVERRIDE(HIGH, INFO, "is not bound by Smack's policy"),
    AUDIT_CONTROL(HIGH, INFO, "turns off the host's audit, or changes its rules"),
    PERFMON(MEDIUM, INFO, "observes the kernel and all processes by performance counters"),
    NET_ADMIN(
            MEDIUM,
            LOW,
            "changes devices, addresses, routes and packet filters of its network namespace, and so"
                    + " reaches large parts of the kernel; with the host's network it reroutes the"
                    + " host's"),
    SYS_TIME(MEDIUM, INFO, "sets the host's clock"),
    SYS_RESOURCE(MEDIUM, INFO, "goes beyond rlimits, disk quotas and space kept for root"),
    SYS_PACCT(MEDIUM, INFO, "turns process accounting on and off, into a file of its choice"),
    LINUX_IMMUTABLE(LOW, INFO, "makes files that even root cannot remove before a flag is cleared"),
    SYSLOG(LOW, INFO, "reads and clears the kernel's log, and sees kernel addresses"),
    SYS_NICE(LOW, INFO, "takes CPU time and I/O from others by priorities and scheduling policies"),
    IPC_LOCK(LOW, INFO, "locks memory beyond the rlimit"),
    IPC_OWNER(LOW, LOW, "reads and writes all System V IPC objects of its IPC namespace"),
    SYS_TTY_CONFIG(LOW, INFO, "hangs up and reconfigures virtual terminals"),
    AUDIT_READ(LOW, INFO, "reads the host's audit log"),
    CHECKPOINT_RESTORE(LOW, LOW, "chooses pids, and follows links of other processes in /proc"),
    BLOCK_SUSPEND(LOW, INFO, "keeps the host from suspending"),
    WAKE_ALARM(LOW, INFO, "wakes the host up"),
    LEASE(LOW, LOW, "delays others' access to files by leases"),
    NET_RAW(
            LOW,
            LOW,
            "forges packets: on a network shared with others, it can pass for another machine");

    private final Severity severity;
    private final Severity inUserNamespace;
    private final String consequence;

    DangerousCapability(Severity severity, Severity inUserNamespace, String consequence) {
        this.severity = severity;
        this.inUserNamespace = inUserNamespace;
        this.consequence = consequence;
    }

    /** As in {@code config.json}: {@code CAP_SYS_ADMIN}. */
    String specName() {
        return "CAP_" + name();
    }

    FindingType type() {
        String id = "capability-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        return FindingType.of(
                        id, severity, consequence, "remove " + specName() + " from all five sets")
                .inUserNamespace(inUserNamespace)
                .fixed();
    }
}
