// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.recording;

import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Multiplexer;
import io.jrunc.seccomp.SyscallNames;
import io.jrunc.seccomp.SyscallTable;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names of system calls by number: also of what is reached through another call. */
final class CallNames {
    private static final Map<Architecture, Map<Long, List<String>>> TABLES =
            new EnumMap<>(Architecture.class);

    private CallNames() {}

    /**
     * Returns the name of a call; what is reached through a multiplexer is named by what is
     * reached.
     */
    static Optional<String> of(ObservedCall call) {
        return subCall(call).or(() -> plain(call));
    }

    /** Returns the name of the number alone: {@code socketcall}, whatever it is asked for. */
    static Optional<String> plain(ObservedCall call) {
        return Optional.ofNullable(
                        table(call.architecture()).get(Integer.toUnsignedLong(call.number())))
                .map(names -> names.get(0));
    }

    /**
     * Returns what a multiplexer is asked for; empty for other calls, and for unknown arguments.
     */
    static Optional<String> subCall(ObservedCall call) {
        Architecture architecture = call.architecture();
        List<Long> arguments = call.arguments();
        if (arguments.isEmpty() || !Multiplexer.isUsedOn(architecture)) {
            return Optional.empty();
        }
        for (int name = 0; name < SyscallTable.count(); name++) {
            if (Multiplexer.covers(name)
                    && Multiplexer.number(architecture, name) == call.number()
                    && Multiplexer.subCall(name) == arguments.get(0).intValue()) {
                return Optional.of(SyscallTable.name(name));
            }
        }
        return Optional.empty();
    }

    private static synchronized Map<Long, List<String>> table(Architecture architecture) {
        return TABLES.computeIfAbsent(architecture, SyscallNames::byNumber);
    }
}
