// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Capabilities;
import io.jrunc.spec.CapabilityNames;
import io.jrunc.spec.ExecCpuAffinity;
import io.jrunc.spec.NumberList;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Rlimit;
import io.jrunc.spec.RlimitType;
import io.jrunc.spec.Spec;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code process}. Source: runtime-spec config.md#process. */
final class ProcessCheck extends Check {
    private static final int SHOWN_NAMES = 6;

    ProcessCheck() {
        super("process");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        if (spec.process().isPresent()) {
            check(spec.process().get(), facts, warnings);
        }
    }

    static void check(ProcessSpec process, HostFacts facts, List<String> warnings) {
        Texts.absolute("process.cwd", process.cwd());
        arguments(process.args());
        Texts.environment("process.env", process.env());
        rlimits(process.rlimits());
        if (process.capabilities().isPresent()) {
            capabilities(process.capabilities().get(), facts, warnings);
        }
        profiles(process, facts);
        SchedulerCheck.check(process, warnings);
        if (process.execCpuAffinity().isPresent()) {
            affinity(process.execCpuAffinity().get());
        }
    }

    private static void arguments(List<String> args) {
        if (args.isEmpty()) {
            throw Failure.invalid(
                    "process.args", "is empty", "write the program and its arguments");
        }
        Texts.notEmpty("process.args[0]", args.get(0), "write the program to run");
        Texts.noNul("process.args", args);
    }

    private static void rlimits(List<Rlimit> rlimits) {
        EnumSet<RlimitType> seen = EnumSet.noneOf(RlimitType.class);
        for (int i = 0; i < rlimits.size(); i++) {
            Rlimit rlimit = rlimits.get(i);
            String field = "process.rlimits[" + i + ']';
            if (!seen.add(rlimit.type())) {
                throw Texts.invalid(
                        field + ".type",
                        rlimit.type().specName(),
                        "is there a second time",
                        "keep one of them");
            }
            if (Long.compareUnsigned(rlimit.soft(), rlimit.hard()) > 0) {
                throw Failure.invalid(
                        field + ".soft",
                        Long.toUnsignedString(rlimit.soft())
                                + " is above the hard limit "
                                + Long.toUnsignedString(rlimit.hard()),
                        "write a soft limit that is not above it");
            }
        }
    }

    private static void capabilities(Capabilities sets, HostFacts facts, List<String> warnings) {
        capabilities("bounding", sets.bounding(), facts, warnings);
        capabilities("effective", sets.effective(), facts, warnings);
        capabilities("inheritable", sets.inheritable(), facts, warnings);
        capabilities("permitted", sets.permitted(), facts, warnings);
        capabilities("ambient", sets.ambient(), facts, warnings);
        ambient(sets, facts, warnings);
    }

    /** The kernel raises only what is permitted and inheritable. capabilities(7), "Ambient". */
    private static void ambient(Capabilities sets, HostFacts facts, List<String> warnings) {
        Set<String> vain = new LinkedHashSet<>();
        for (String name : sets.ambient().orElse(List.of())) {
            boolean had =
                    sets.permitted().orElse(List.of()).contains(name)
                            && sets.inheritable().orElse(List.of()).contains(name);
            int number = CapabilityNames.numberOf(name);
            if (!had && number >= 0 && number <= facts.lastCapability()) {
                vain.add(name);
            }
        }
        if (!vain.isEmpty()) {
            warnings.add(
                    "process.capabilities.ambient: "
                            + shown(vain)
                            + (vain.size() == 1 ? " is" : " are")
                            + " not both permitted and inheritable, ignoring");
        }
    }

    private static String shown(Set<String> names) {
        List<String> first = names.stream().limit(SHOWN_NAMES).toList();
        int more = names.size() - first.size();
        return String.join(", ", first) + (more > 0 ? " and " + more + " more" : "");
    }

    private static void capabilities(
            String set, Optional<List<String>> names, HostFacts facts, List<String> warnings) {
        if (names.isEmpty()) {
            return;
        }
        for (int i = 0; i < names.get().size(); i++) {
            String name = names.get().get(i);
            int number = CapabilityNames.numberOf(name);
            if (number < 0 || number > facts.lastCapability()) {
                warnings.add(
                        "process.capabilities."
                                + set
                                + '['
                                + i
                                + "]: "
                                + Texts.quoted(name)
                                + (number < 0
                                        ? " is not a capability, ignoring"
                                        : " is newer than this kernel, ignoring"));
            }
        }
    }

    private static void profiles(ProcessSpec process, HostFacts facts) {
        LabelCheck.check(
                "process.selinuxLabel", process.selinuxLabel(), "SELinux", facts.selinux());
        LabelCheck.check(
                "process.apparmorProfile", process.apparmorProfile(), "AppArmor", facts.apparmor());
    }

    private static void affinity(ExecCpuAffinity affinity) {
        if (affinity.initialCpus().isPresent()) {
            cpus("process.execCPUAffinity.initial", affinity.initialCpus().get());
        }
        if (affinity.finalCpus().isPresent()) {
            cpus("process.execCPUAffinity.final", affinity.finalCpus().get());
        }
    }

    private static void cpus(String field, String list) {
        NumberList.parse(field, list, ExecCpuAffinity.LAST_CPU);
    }
}
