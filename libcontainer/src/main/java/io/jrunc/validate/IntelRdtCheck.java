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
            check(spec.linux().intelRdt().get());
        }
    }

    private static void check(IntelRdt rdt) {
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
        l3(rdt.l3CacheSchema().orElse(""));
    }

    /** May be several lines, for code and data, but may not smuggle in another resource. */
    private static void l3(String schema) {
        Texts.noNul(FIELD + ".l3CacheSchema", schema);
        int from = 0;
        while (from < schema.length()) {
            if (!schema.startsWith("L3", from)) {
                throw Texts.invalid(
                        FIELD + ".l3CacheSchema",
                        schema,
                        "is not about the L3 cache",
                        "write for example \"L3:0=ff\"");
            }
            int newline = schema.indexOf('\n', from);
            from = newline < 0 ? schema.length() : newline + 1;
        }
    }

    private static void line(String field, String line) {
        Texts.noNul(field, line);
        if (line.indexOf('\n') >= 0) {
            throw Texts.invalid(field, line, "is more than one line", "write one line");
        }
    }
}
