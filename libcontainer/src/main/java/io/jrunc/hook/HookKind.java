// SPDX-License-Identifier: Apache-2.0
package io.jrunc.hook;

import io.jrunc.spec.Hook;
import io.jrunc.spec.Hooks;
import java.util.List;

/** The moments at which hooks run, in their order. */
public enum HookKind {
    PRESTART("prestart", "creating"),
    CREATE_RUNTIME("createRuntime", "creating"),
    CREATE_CONTAINER("createContainer", "creating"),
    START_CONTAINER("startContainer", "created"),
    POSTSTART("poststart", "running"),
    POSTSTOP("poststop", "stopped");

    private final String specName;
    private final String status;

    HookKind(String specName, String status) {
        this.specName = specName;
        this.status = status;
    }

    /** Returns the name of the list in {@code config.json}. */
    String specName() {
        return specName;
    }

    /** Returns the container's status in the hook's input. */
    public String status() {
        return status;
    }

    /** Returns the hooks of this kind. */
    public List<Hook> of(Hooks hooks) {
        return hooks.inOrder().get(Hooks.NAMES.indexOf(specName));
    }
}
