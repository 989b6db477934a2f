// SPDX-License-Identifier: Apache-2.0
package io.jrunc.testkit;

import io.jrunc.linux.Kernel;
import io.jrunc.setup.SetupContext;
import java.lang.reflect.Proxy;
import java.util.List;

/** Setup contexts whose processes are one fake. */
public final class SetupContexts {
    private SetupContexts() {}

    /**
     * A context in which {@code kernel} is the runtime, the stage with pid 1 and init with pid 1.
     */
    public static SetupContext of(Kernel kernel) {
        SetupContext context = new SetupContext(kernel, spawner(kernel));
        context.startStage();
        context.setInit(kernel, 1);
        return context;
    }

    private static SetupContext.Spawner spawner(Kernel kernel) {
        return (SetupContext.Spawner)
                Proxy.newProxyInstance(
                        SetupContexts.class.getClassLoader(),
                        new Class<?>[] {SetupContext.Spawner.class},
                        (proxy, method, args) ->
                                switch (method.getName()) {
                                    case "spawn" -> new SetupContext.Spawned(kernel, 1);
                                    case "hookParent" -> kernel;
                                    case "environment" -> List.of();
                                    default -> null; // takes note of something
                                });
    }
}
