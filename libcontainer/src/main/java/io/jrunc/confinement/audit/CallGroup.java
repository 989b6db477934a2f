// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import static io.jrunc.confinement.audit.Severity.LOW;
import static io.jrunc.confinement.audit.Severity.MEDIUM;

import io.jrunc.seccomp.explain.FilterReview;
import io.jrunc.seccomp.explain.FilterReview.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * System calls that ordinary programs do not need, and whose abuse is known. Where the kernel asks
 * for a capability first, the filter is the second lock. Source: section 2 of the manual pages,
 * capabilities(7).
 */
enum CallGroup {
    MODULES(LOW, "CAP_SYS_MODULE", "loads code into the kernel", "init_module", "finit_module"),
    KEXEC(LOW, "CAP_SYS_BOOT", "makes ready another kernel", "kexec_load", "kexec_file_load"),
    IO_PORTS(LOW, "CAP_SYS_RAWIO", "reaches I/O ports", "iopl", "ioperm"),
    MOUNTS(
            LOW,
            "CAP_SYS_ADMIN",
            "changes mounts, and so uncovers what is masked or makes writable what is read-only",
            "mount",
            "umount2",
            "pivot_root",
            "move_mount",
            "open_tree",
            "fsopen",
            "fsmount",
            "mount_setattr"),
    FILE_HANDLES(
            LOW,
            "CAP_DAC_READ_SEARCH",
            "opens files outside the container by handles",
            "open_by_handle_at"),
    NAMESPACES(LOW, "CAP_SYS_ADMIN", "joins other namespaces", "setns"),
    CLOCK(LOW, "CAP_SYS_TIME", "sets the host's clock", "settimeofday", "clock_settime"),
    SWAP_AND_ACCOUNTING(
            LOW,
            "CAP_SYS_ADMIN",
            "changes swap space, process accounting and quotas of the host",
            "swapon",
            "swapoff",
            "acct",
            "quotactl"),
    USER_NAMESPACES(
            MEDIUM,
            "",
            "makes a user namespace and has all capabilities in it, which opens parts of the kernel"
                    + " that are closed to it otherwise and have had many bugs") {
        private static final long CLONE_NEWUSER = 0x1000_0000;

        @Override
        List<String> passing(FilterReview filter) {
            List<String> passing = new ArrayList<>();
            if (filter.verdict("unshare", CLONE_NEWUSER) != Verdict.REFUSED) {
                passing.add("unshare(CLONE_NEWUSER)");
            }
            if (filter.verdict("clone", CLONE_NEWUSER) != Verdict.REFUSED) {
                passing.add("clone(CLONE_NEWUSER)");
            }
            // Its flags are in memory, where no filter can look.
            if (filter.verdict("clone3") != Verdict.REFUSED) {
                passing.add("clone3");
            }
            return passing;
        }

        @Override
        boolean isRefusable() {
            return false;
        }
    },
    BPF(MEDIUM, "", "loads BPF programs, if the host lets ordinary users (or with CAP_BPF)", "bpf"),
    PERFORMANCE(
            MEDIUM,
            "",
            "observes processes and the kernel, as far as perf_event_paranoid lets it; this part of"
                    + " the kernel has had many bugs",
            "perf_event_open"),
    IO_URING(
            MEDIUM,
            "",
            "reads, writes, opens and connects without system calls that a filter would see; this"
                    + " part of the kernel has had many bugs",
            "io_uring_setup",
            "io_uring_enter",
            "io_uring_register"),
    KEYRINGS(
            MEDIUM,
            "",
            "reads and changes keys of its user: keyrings of a user are the same in all containers"
                    + " that share a user namespace",
            "keyctl",
            "add_key",
            "request_key"),
    PAGE_FAULTS(
            LOW,
            "",
            "stops the kernel at a page fault for as long as it likes, which makes races in it easy"
                    + " to win",
            "userfaultfd"),
    ADDRESS_LAYOUT(LOW, "", "turns off the random layout of addresses for what it executes") {
        private static final long ADDR_NO_RANDOMIZE = 0x0004_0000;

        @Override
        List<String> passing(FilterReview filter) {
            return filter.verdict("personality", ADDR_NO_RANDOMIZE) == Verdict.REFUSED
                    ? List.of()
                    : List.of("personality(ADDR_NO_RANDOMIZE)");
        }

        @Override
        boolean isRefusable() {
            return false;
        }
    };

    private final Severity severity;
    private final String capability;
    private final String consequence;

    /** Divided by blanks. */
    private final String calls;

    CallGroup(Severity severity, String capability, String consequence, String... calls) {
        this.severity = severity;
        this.capability = capability;
        this.consequence = consequence;
        this.calls = String.join(" ", calls);
    }

    /** Returns those that the filter lets pass, perhaps only with some arguments. */
    List<String> passing(FilterReview filter) {
        List<String> passing = new ArrayList<>();
        for (String call : calls.split(" ", -1)) {
            if (filter.verdict(call) != Verdict.REFUSED) {
                passing.add(call);
            }
        }
        return passing;
    }

    /** Returns whether they may be refused whatever their arguments. */
    boolean isRefusable() {
        return true;
    }

    FindingType type() {
        String id = "seccomp-allows-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        String what = capability.isEmpty() ? consequence : "with " + capability + " " + consequence;
        FindingType type =
                FindingType.of(
                        id, severity, what, "let linux.seccomp answer these calls with ERRNO");
        return isRefusable() ? type.fixed() : type;
    }
}
