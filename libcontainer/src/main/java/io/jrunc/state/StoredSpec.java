// SPDX-License-Identifier: Apache-2.0
package io.jrunc.state;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Hooks;
import io.jrunc.spec.Spec;
import io.jrunc.spec.json.SpecReader;
import java.util.Optional;
import java.util.function.Consumer;

/** The specification that a container was made from, as its state directory keeps it. */
public record StoredSpec(StateDirectory directory, State state) {
    /** Returns the file's content; a {@link Failure} if a delete has removed it. */
    public static byte[] config(StateDirectory directory) {
        Optional<byte[]> config = directory.read(StateDirectory.CONFIG);
        if (config.isEmpty()) {
            throw Failure.of(
                    Failure.Code.WRONG_STATE,
                    "a delete of container "
                            + directory.id()
                            + " did not come to its end; delete it");
        }
        return config.get();
    }

    /** Returns all of it. */
    public Spec spec() {
        byte[] config = config(directory);
        try {
            return SpecReader.read(config);
        } catch (Failure f) {
            throw StateDirectory.damaged(StateDirectory.CONFIG, state.id(), f);
        }
    }

    /** Returns its hooks; the file is read only if there are some. */
    public Hooks hooks() {
        return state.hooks() ? spec().hooks() : Hooks.NONE;
    }

    /**
     * Returns the hooks of a container that is being deleted. Without the file an earlier delete
     * was killed on the way: it had ended all processes.
     *
     * @param warnings receives a line if they cannot be read
     */
    public Hooks lastHooks(Consumer<String> warnings) {
        if (!directory.has(StateDirectory.CONFIG)) {
            return Hooks.NONE;
        }
        try {
            return hooks();
        } catch (Failure f) {
            warnings.accept(f.getMessage() + ", running no poststop hooks");
            return Hooks.NONE;
        }
    }
}
