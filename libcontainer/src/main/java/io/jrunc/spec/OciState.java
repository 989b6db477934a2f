// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import io.jrunc.json.JsonText;
import java.util.Map;

/**
 * The state document: what {@code state} and {@code list} print and hooks read. Source:
 * runtime-spec runtime.md#state.
 *
 * @param status {@code creating}, {@code created}, {@code running}, {@code paused} or {@code
 *     stopped}
 * @param pid of the container's init on the host; 0 if there is none
 * @param bundle absolute path on the host
 * @param rootfs absolute path on the host
 * @param created when, in UTC, as RFC 3339 with up to nine digits of fraction
 * @param annotations those of {@code config.json}
 * @param owner the user whose state directory it is; empty where it is not needed
 */
public record OciState(
        String id,
        int pid,
        String status,
        String bundle,
        String rootfs,
        String created,
        Map<String, String> annotations,
        String owner) {
    public OciState {
        annotations = Copies.map(annotations);
    }

    /** Returns the same with another pid. */
    public OciState withPid(int other) {
        return new OciState(id, other, status, bundle, rootfs, created, annotations, owner);
    }

    /** Returns what {@code state} prints: two blanks of indentation, no newline at the end. */
    public String pretty() {
        return document(JsonText.indented("  "));
    }

    /** Returns the same on one line. */
    String compact() {
        return document(JsonText.compact());
    }

    /** Adds the same to a list that is being written. */
    @SuppressWarnings("exports") // for the command line
    public void writeTo(JsonText json) {
        json.beginObject();
        json.string("ociVersion", Spec.VERSION);
        json.string("id", id);
        json.number("pid", pid);
        json.string("status", status);
        json.string("bundle", bundle);
        json.string("rootfs", rootfs);
        json.string("created", created);
        if (!annotations.isEmpty()) {
            json.map("annotations", annotations);
        }
        json.string("owner", owner);
        json.endObject();
    }

    /**
     * Returns what hooks get on standard input: on one line, and only what the specification names.
     */
    public String forHooks() {
        JsonText json = JsonText.compact();
        json.beginObject();
        writeSpecified(json);
        json.endObject();
        return json.toString();
    }

    /** Adds what the specification names to an object that is being written. */
    void writeSpecified(JsonText json) {
        json.string("ociVersion", Spec.VERSION);
        json.string("id", id);
        json.string("status", status);
        if (pid != 0) {
            json.number("pid", pid);
        }
        json.string("bundle", bundle);
        if (!annotations.isEmpty()) {
            json.map("annotations", annotations);
        }
    }

    private String document(JsonText json) {
        writeTo(json);
        return json.toString();
    }
}
