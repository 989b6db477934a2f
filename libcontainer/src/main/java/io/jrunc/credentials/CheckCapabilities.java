// SPDX-License-Identifier: Apache-2.0
package io.jrunc.credentials;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.CapabilityNames;
import java.util.function.LongSupplier;

/** Makes sure that the runtime has the capabilities that the program is to get. capabilities(7). */
public record CheckCapabilities(CapabilitySets wanted) implements Step {
    @Override
    public String title() {
        return "make sure that the capabilities are there to give";
    }

    @Override
    public String field() {
        return "process.capabilities";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        LongSupplier held = context.init().credentials().askForPermittedCapabilities();
        context.init().then(() -> check(held.getAsLong()));
    }

    private void check(long held) {
        long missing = (wanted.permitted() | wanted.effective()) & ~held;
        if (missing != 0) {
            String name = CapabilityNames.ALL.get(Long.numberOfTrailingZeros(missing));
            throw Failure.of(
                    Failure.Code.CAPABILITIES,
                    "process.capabilities.permitted: unable to apply caps: "
                            + name
                            + ": operation not permitted",
                    name,
                    Errno.EPERM,
                    "the runtime itself does not have it; remove it");
        }
    }
}
