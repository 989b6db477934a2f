// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import io.jrunc.json.JsonText;
import java.util.List;
import java.util.Optional;

/**
 * The document that the listener of a seccomp filter receives with the descriptor. Source:
 * runtime-spec config-linux.md#containerprocessstate.
 *
 * @param metadata {@code linux.seccomp.listenerMetadata}
 * @param pid of the process that loaded the filter
 * @param state of the container
 */
public record ContainerProcessState(Optional<String> metadata, int pid, OciState state) {
    /** The name that the specification gives to the filter's descriptor. */
    private static final String FD_NAME = "seccompFd";

    /** Returns the document, on one line. */
    public String compact() {
        JsonText json = JsonText.compact();
        json.beginObject();
        json.string("ociVersion", Spec.VERSION);
        json.strings("fds", List.of(FD_NAME));
        json.number("pid", pid);
        if (metadata.isPresent()) {
            json.string("metadata", metadata.get());
        }
        json.beginObject("state");
        state.writeSpecified(json);
        json.endObject();
        json.endObject();
        return json.toString();
    }
}
