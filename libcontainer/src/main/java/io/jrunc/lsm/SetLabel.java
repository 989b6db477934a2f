// SPDX-License-Identifier: Apache-2.0
package io.jrunc.lsm;

import io.jrunc.linux.Fd;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;

/**
 * Has init ask for the program's label, which it gets with its next execve(2). So do startContainer
 * hooks, whose file is the image's. While nothing is given up yet, and before a filter that might
 * forbid it.
 */
record SetLabel(Label label) implements Step {
    @Override
    public String title() {
        return "ask for the program's label " + label;
    }

    @Override
    public String field() {
        return label.kind().field();
    }

    @Override
    public void apply(SetupContext context) {
        String file = label.kind().file();
        try (Fd opened = LabelFile.open(context.runtime(), context.init(), file)) {
            context.init().files().write(opened, label.request());
        }
    }
}
