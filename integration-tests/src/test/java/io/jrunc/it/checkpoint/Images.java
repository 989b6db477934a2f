// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.checkpoint;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Criu;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A container and its image. */
record Images(Bundle bundle, Container container, Path image) {
    /** Writes the image. */
    Result checkpoint(String... flags) {
        return Sandbox.current()
                .runtime(words("checkpoint", flags))
                .variable("PATH", Criu.path())
                .run();
    }

    /** Restores the container from the image. */
    Result restore(String... flags) {
        return restoration(flags).run();
    }

    /** Returns the command that restores it. */
    Invocation restoration(String... flags) {
        return bundle.invoke(words("restore", flags)).variable("PATH", Criu.path());
    }

    /** Returns another command of the container. */
    Invocation command(String... words) {
        List<String> command = new ArrayList<>(List.of(words));
        command.add(container.id());
        return bundle.invoke(command);
    }

    private List<String> words(String command, String... flags) {
        List<String> words = new ArrayList<>(List.of(command, "--image-path", image.toString()));
        words.addAll(List.of(flags));
        words.add(container.id());
        return words;
    }
}
