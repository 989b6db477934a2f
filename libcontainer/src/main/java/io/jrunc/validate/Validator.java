// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.linux.Failure;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Resources;
import io.jrunc.spec.Spec;
import java.util.ArrayList;
import java.util.List;

/** Runs the checks, in order. */
public final class Validator {
    private static final List<Check> CHECKS =
            List.of(
                    new VersionCheck(),
                    new RootCheck(),
                    new ProcessCheck(),
                    new HooksCheck(),
                    new NamespaceCheck(),
                    new UserNamespaceCheck(),
                    new NameCheck(),
                    new TimeOffsetCheck(),
                    new MountCheck(),
                    new MountOwnerCheck(),
                    new IdMappedMountCheck(),
                    new MaskedPathsCheck(),
                    new DeviceCheck(),
                    new SysctlCheck(),
                    new CgroupsPathCheck(),
                    new ResourcesCheck(),
                    new NetDeviceCheck(),
                    new SeccompCheck(),
                    new IntelRdtCheck(),
                    new MemoryPolicyCheck(),
                    new LabelCheck());

    private Validator() {}

    /**
     * Checks a whole document. An absent {@code process} is legal here.
     *
     * @return what is wrong but can be ignored, a sentence each
     * @throws Failure about the first thing that cannot
     */
    public static List<String> check(Spec spec, HostFacts facts) {
        List<String> warnings = new ArrayList<>();
        for (Check check : CHECKS) {
            check.run(spec, facts, warnings);
        }
        return warnings;
    }

    /**
     * Checks the mounts of a document alone, as they are added to a container that runs.
     *
     * @return what is wrong but can be ignored, a sentence each
     * @throws Failure about the first thing that cannot
     */
    public static List<String> checkMounts(Spec spec, HostFacts facts) {
        List<String> warnings = new ArrayList<>();
        for (Check check :
                List.of(new MountCheck(), new MountOwnerCheck(), new IdMappedMountCheck())) {
            check.run(spec, facts, warnings);
        }
        return warnings;
    }

    /**
     * Checks limits alone, as they are after an {@code update}.
     *
     * @return what is wrong but can be ignored, a sentence each
     * @throws Failure about the first thing that cannot
     */
    public static List<String> check(Resources resources, HostFacts facts) {
        List<String> warnings = new ArrayList<>();
        ResourcesCheck.check(resources, facts, warnings);
        return warnings;
    }

    /**
     * Checks a process alone, as {@code exec} gets it.
     *
     * @return what is wrong but can be ignored, a sentence each
     * @throws Failure about the first thing that cannot
     */
    public static List<String> check(ProcessSpec process, HostFacts facts) {
        List<String> warnings = new ArrayList<>();
        ProcessCheck.check(process, facts, warnings);
        return warnings;
    }

    /** Returns the process of {@code spec}, for operations that cannot do without. */
    static ProcessSpec requireProcess(Spec spec) {
        if (spec.process().isEmpty()) {
            throw Failure.invalid(
                    "process", "is missing, so there is nothing to start", "add it with args");
        }
        return spec.process().get();
    }

    /** Returns the subjects of the checks, in order. */
    static List<String> subjects() {
        List<String> names = new ArrayList<>();
        for (Check check : CHECKS) {
            names.add(check.name());
        }
        return names;
    }
}
