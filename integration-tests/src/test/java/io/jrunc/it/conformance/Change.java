// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.conformance;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Changes of a document: JSON pointers to new values; {@code /-} at the end appends to a list. */
public final class Change {
    private Change() {}

    /** Makes the changes; objects and lists on the way are made. */
    public static void apply(ObjectNode document, Map<String, JsonNode> changes) {
        changes.forEach((pointer, value) -> set(document, JsonPointer.compile(pointer), value));
    }

    private static void set(ObjectNode document, JsonPointer pointer, JsonNode value) {
        String last = pointer.last().getMatchingProperty();
        JsonPointer parent = pointer.head();
        if (last.equals("-")) {
            String list = parent.last().getMatchingProperty();
            object(document, parent.head()).withArray(list).add(value);
        } else if (document.at(parent) instanceof ArrayNode list) {
            list.set(Integer.parseInt(last), value);
        } else if (value.isNull()) {
            object(document, parent).remove(last);
        } else {
            object(document, parent).set(last, value);
        }
    }

    private static ObjectNode object(ObjectNode document, JsonPointer pointer) {
        JsonNode found = document.at(pointer);
        if (found.isMissingNode()) {
            return object(document, pointer.head()).putObject(pointer.last().getMatchingProperty());
        }
        return (ObjectNode) found;
    }
}
