// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.container.model.ProcessSpawner;
import io.jrunc.hook.HookKind;
import io.jrunc.hook.HookOutput;
import io.jrunc.hook.HookRunner;
import io.jrunc.linux.Failure;
import io.jrunc.spec.Hook;
import io.jrunc.spec.Hooks;
import io.jrunc.state.State;
import java.util.List;
import java.util.function.Consumer;

/** The hooks that run when a container has stopped. */
record LifecycleHooks(ProcessSpawner spawner, State state) {
    /** Runs the poststop hooks. One that fails stops neither the others nor the removal. */
    void afterStop(Hooks hooks, Consumer<String> warnings) {
        List<Hook> poststop = hooks.poststop();
        if (poststop.isEmpty()) {
            return;
        }
        String input = state.oci(HookKind.POSTSTOP.status(), 0, "").forHooks();
        for (int i = 0; i < poststop.size(); i++) {
            try (HookOutput output = output()) {
                new HookRunner(spawner.hookParent(), "", spawner.environment(), output)
                        .run(HookKind.POSTSTOP, i, poststop.get(i), input);
            } catch (Failure f) {
                warnings.accept(f.getMessage() + ", ignoring");
            }
        }
    }

    private HookOutput output() {
        return HookOutput.of(state.annotations(), spawner::allows, spawner.hookParent());
    }
}
