// SPDX-License-Identifier: Apache-2.0
package io.jrunc.process;

import io.jrunc.linux.Errno;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.PersonalityDomain;

/** Sets the execution domain, which execve(2) passes on. personality(2). */
record SetPersonality(PersonalityDomain domain) implements Step {
    @Override
    public String title() {
        return "set the execution domain to " + domain.specName();
    }

    @Override
    public String field() {
        return "linux.personality";
    }

    @Override
    public void apply(SetupContext context) {
        context.init()
                .processes()
                .setPersonality(domain.number(), domain.specName())
                .hint(Errno.EINVAL, "this machine runs no 32-bit programs")
                .submit();
    }
}
