// SPDX-License-Identifier: Apache-2.0
package io.jrunc.validate;

import io.jrunc.spec.IntelRdt;
import io.jrunc.spec.Spec;
import java.util.List;

/** {@code linux.intelRdt}. Source: runtime-spec config-linux.md#intelrdt. */
final class IntelRdtCheck extends Check {
    private static final String FIELD = "linux.intelRdt";

    IntelRdtCheck() {
        super("Intel RDT");
    }

    @Override
    void run(Spec spec, HostFacts facts, List<String> warnings) {
        if (spec.linux().intelRdt().isPresent()) {
            check(spec.linux().intelRdt().get(), warnings);
        }
    }

    private static void check(IntelRdt rdt, List<String> warnings) {
        String closId = rdt.closId().orElse("");
        Texts.noNul(FIELD + ".closID", closId);
        boolean root = closId.equals("/");
        if (!root && (closId.equals(".") || closId.equals("..") || closId.indexOf('/') >= 0)) {
            throw Texts.invalid(
                    FIELD + ".closID",
                    closId,
                    "is not the name of a directory",
                    "write a name, or \"/\" for the root group");
        }
        for (int i = 0; i < rdt.schemata().size(); i++) {
            line(FIELD + ".schemata[" + i + ']', rdt.schemata().get(i));
        }
        if (rdt.memBwSchema().isPresent()) {
            String schema = rdt.memBwSchema().get();
            line(FIELD + ".memBwSchema", schema);
            if (!schema.startsWith("MB:")) {
                throw Texts.invalid(
                        FIELD + ".memBwSchema",
                        schema,
                        "is not about memory bandwidth",
                        "write for example \"MB:0=50\"");
            }
        }
        l3(rdt.l3CacheSchema().orElse(""), warnings);
    }

    /** May be several lines, for code and data, and bandwidth, which is left out. */
    private static void l3(String schema, List<String> warnings) {
        String field = FIELD + ".l3CacheSchema";
        Texts.noNul(field, schema);
        for (String line : schema.split("\n", -1)) {
            if (line.startsWith("MB:")) {
                warnings.add(field + ": " + Texts.quoted(line) + " is for memBwSchema, ignoring");
            } else if (!line.isEmpty() && !line.startsWith("L3")) {
                throw Texts.invalid(
                        field, line, "is not about the L3 cache", "write for example \"L3:0=ff\"");
            }
        }
    }

    private static void line(String field, String line) {
        Texts.noNul(field, line);
        if (line.indexOf('\n') >= 0) {
            throw Texts.invalid(field, line, "is more than one line", "write one line");
        }
    }
}
