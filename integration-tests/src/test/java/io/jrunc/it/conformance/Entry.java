// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * What the table says of one field. A text that is empty does not apply.
 *
 * @param field its path, lists without brackets: {@code process.rlimits.soft}
 * @param section of the runtime specification that defines it
 * @param does what the runtime does with it, in a sentence without a subject
 * @param example changes of the default specification that set it
 * @param bad changes that the runtime must refuse
 * @param says what is found in the message then
 * @param departs where runc does something else, and why this runtime does not
 * @param harmless why no value of it can be refused
 * @param unseen why no test on a container can show it
 * @param refused why this runtime does not carry it out: the example is refused
 * @param values the words that it may have, and what each does; empty if it is no choice of words
 */
public record Entry(
        String field,
        String section,
        String does,
        Map<String, JsonNode> example,
        Map<String, JsonNode> bad,
        String says,
        String departs,
        String harmless,
        String unseen,
        String refused,
        Map<String, String> values) {
    public Entry {
        example = example == null ? Map.of() : example;
        bad = bad == null ? Map.of() : bad;
        values = values == null ? Map.of() : values;
        says = text(says);
        departs = text(departs);
        harmless = text(harmless);
        unseen = text(unseen);
        refused = text(refused);
    }

    private static String text(String given) {
        return given == null ? "" : given;
    }

    @Override
    public String toString() {
        return field;
    }
}
