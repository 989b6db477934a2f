// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.json;

import io.jrunc.json.JsonText;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.ArgCondition;
import io.jrunc.seccomp.FilterFlag;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SyscallRule;
import java.util.ArrayList;
import java.util.List;

/** Writes {@code linux.seccomp}, or a profile alone. */
public final class SeccompWriter {
    private final JsonText json;

    SeccompWriter(JsonText json) {
        this.json = json;
    }

    /**
     * Returns a document that holds nothing but the profile, indented, with a newline at its end.
     */
    public static String text(Seccomp seccomp) {
        JsonText json = JsonText.indented("\t");
        json.beginObject();
        new SeccompWriter(json).fields(seccomp);
        json.endObject();
        return json + "\n";
    }

    /** The members of the object. */
    void fields(Seccomp seccomp) {
        json.string("defaultAction", seccomp.defaultAction().specName());
        LinuxWriter.number(json, "defaultErrnoRet", seccomp.defaultErrnoRet());
        List<String> architectures = new ArrayList<>();
        for (Architecture architecture : seccomp.architectures()) {
            architectures.add(architecture.specName());
        }
        json.stringsIfAny("architectures", architectures);
        if (seccomp.flags().isPresent()) {
            List<String> flags = new ArrayList<>();
            for (FilterFlag flag : seccomp.flags().get()) {
                flags.add(flag.specName());
            }
            json.strings("flags", flags);
        }
        json.stringIfAny("listenerPath", seccomp.listenerPath());
        json.stringIfAny("listenerMetadata", seccomp.listenerMetadata());
        rules(seccomp.syscalls());
    }

    private void rules(List<SyscallRule> rules) {
        if (rules.isEmpty()) {
            return;
        }
        json.beginList("syscalls");
        for (SyscallRule rule : rules) {
            json.beginObject();
            json.strings("names", rule.names());
            json.string("action", rule.action().specName());
            LinuxWriter.number(json, "errnoRet", rule.errnoRet());
            conditions(rule.args());
            json.endObject();
        }
        json.endList();
    }

    private void conditions(List<ArgCondition> conditions) {
        if (conditions.isEmpty()) {
            return;
        }
        json.beginList("args");
        for (ArgCondition condition : conditions) {
            json.beginObject();
            json.number("index", condition.index());
            json.unsigned("value", condition.value());
            if (condition.valueTwo() != 0) {
                json.unsigned("valueTwo", condition.valueTwo());
            }
            json.string("op", condition.op().specName());
            json.endObject();
        }
        json.endList();
    }
}
