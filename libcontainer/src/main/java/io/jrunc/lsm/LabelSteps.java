// SPDX-License-Identifier: Apache-2.0
package io.jrunc.lsm;

import io.jrunc.setup.Step;
import io.jrunc.spec.ProcessSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides how a container gets its labels. Touches nothing. */
public final class LabelSteps {
    private LabelSteps() {}

    /** The steps before anything is labelled, once there is a stage that needs no other process. */
    public static List<Step> trying(Optional<ProcessSpec> process, Optional<String> mountLabel) {
        List<Step> steps = new ArrayList<>();
        for (Label label : ofProgram(process)) {
            steps.add(new TryLabel(label));
        }
        if (mountLabel.isPresent()) {
            steps.add(new TryLabel(new Label(LabelKind.MOUNT_LABEL, mountLabel.get())));
        }
        return steps;
    }

    /** Returns the steps when all that needs another process is done. */
    public static List<Step> setting(Optional<ProcessSpec> process) {
        List<Step> steps = new ArrayList<>();
        for (Label label : ofProgram(process)) {
            steps.add(new SetLabel(label));
        }
        return steps;
    }

    private static List<Label> ofProgram(Optional<ProcessSpec> process) {
        List<Label> labels = new ArrayList<>();
        if (process.isPresent() && process.get().apparmorProfile().isPresent()) {
            String profile = process.get().apparmorProfile().get();
            labels.add(new Label(LabelKind.APPARMOR_PROFILE, profile));
        }
        if (process.isPresent() && process.get().selinuxLabel().isPresent()) {
            String context = process.get().selinuxLabel().get();
            labels.add(new Label(LabelKind.SELINUX_LABEL, context));
        }
        return labels;
    }
}
