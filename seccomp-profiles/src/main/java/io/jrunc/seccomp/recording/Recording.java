// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.recording;

import io.jrunc.linux.Failure;
import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.ArgCondition;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SyscallRule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The calls that were made, and the smallest profile that allows them. {@link Selector} decides
 * which arguments are recorded. Two calls are added that no program decides to make:
 *
 * <ul>
 *   <li>rt_sigreturn(2), once a program has set how it handles signals: a handler returns by it;
 *   <li>restart_syscall(2), once it has made a call that the kernel continues so after a stop.
 * </ul>
 */
public final class Recording {
    /** A call with more values than these has no fixed set of them. */
    private static final int MAX_VALUES = 64;

    private static final Map<String, String> IMPLIED =
            Map.of(
                    "rt_sigaction", "rt_sigreturn",
                    "sigaction", "sigreturn",
                    "nanosleep", "restart_syscall",
                    "clock_nanosleep", "restart_syscall",
                    "clock_nanosleep_time64", "restart_syscall",
                    "futex", "restart_syscall",
                    "futex_time64", "restart_syscall",
                    "poll", "restart_syscall");

    private final Set<Architecture> architectures = EnumSet.noneOf(Architecture.class);

    /** Calls that are allowed whatever their arguments. */
    private final Set<String> names = new TreeSet<>();

    /** By call the values of its selecting argument. */
    private final Map<String, Set<Long>> values = new TreeMap<>();

    /** Calls that were reached through a multiplexer: there no filter sees their arguments. */
    private final Set<String> multiplexed = new TreeSet<>();

    private final Set<String> nameless = new TreeSet<>();

    /** An empty one. */
    public Recording() {}

    /**
     * Returns one that goes on where an earlier one ended.
     *
     * @param earlier what {@link #profile} made
     * @param source names it in messages
     */
    public static Recording continuing(Seccomp earlier, String source) {
        Recording recording = new Recording();
        if (earlier.defaultAction().allows()) {
            throw foreign(source, "its defaultAction is " + earlier.defaultAction().specName());
        }
        recording.architectures.addAll(earlier.architectures());
        for (SyscallRule rule : earlier.syscalls()) {
            if (rule.action() != Action.ALLOW) {
                throw foreign(source, "a rule's action is " + rule.action().specName());
            }
            for (String name : rule.names()) {
                recording.addRecorded(name, rule.args(), source);
            }
        }
        return recording;
    }

    private void addRecorded(String name, List<ArgCondition> conditions, String source) {
        if (conditions.isEmpty()) {
            names.add(name);
            return;
        }
        Optional<Selector> selector = Selector.of(name);
        if (conditions.size() != 1
                || selector.isEmpty()
                || !selector.get().made(conditions.get(0))) {
            throw foreign(source, "a rule for " + name + " has other conditions");
        }
        addValue(name, conditions.get(0).valueTwo());
    }

    private static Failure foreign(String source, String why) {
        return Failure.invalid(
                source,
                "is no recording: " + why,
                "leave out --merge, or name a file that record has written");
    }

    /** Adds a call. */
    public synchronized void add(ObservedCall call) {
        architectures.add(call.architecture());
        Optional<String> inner = CallNames.subCall(call);
        if (inner.isPresent()) {
            multiplexed.add(inner.get());
            return;
        }
        Optional<String> name = CallNames.plain(call);
        if (name.isEmpty()) {
            nameless.add(call.number() + " of " + call.architecture().specName());
            return;
        }
        Optional<Selector> selector = Selector.of(name.get());
        if (selector.isEmpty() || call.arguments().isEmpty()) {
            names.add(name.get());
        } else {
            addValue(name.get(), selector.get().value(call));
        }
    }

    private void addValue(String name, long value) {
        Set<Long> known = values.computeIfAbsent(name, n -> new TreeSet<>());
        known.add(value);
        if (known.size() > MAX_VALUES) {
            names.add(name);
        }
    }

    /** Calls that no profile can name, by number. */
    public synchronized List<String> nameless() {
        return List.copyOf(nameless);
    }

    /** Returns how many different calls were seen. */
    public synchronized int size() {
        return unconditional().size() + conditional(unconditional()).size();
    }

    /**
     * Returns the smallest profile: whatever was not seen is an error, EPERM. Each value has a rule
     * of its own, which means the same to all runtimes.
     */
    public synchronized Seccomp profile() {
        Set<String> plain = unconditional();
        List<SyscallRule> rules = new ArrayList<>();
        if (!plain.isEmpty()) {
            rules.add(allow(List.copyOf(plain), List.of()));
        }
        conditional(plain)
                .forEach(
                        (name, seen) -> {
                            Selector selector = Selector.of(name).orElseThrow();
                            for (long value : seen) {
                                ArgCondition only = selector.condition(value);
                                rules.add(allow(List.of(name), List.of(only)));
                            }
                        });
        return new Seccomp(
                Action.ERRNO,
                OptionalInt.empty(),
                List.copyOf(architectures),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                rules);
    }

    /**
     * Returns the names of rules without values; a rule with a value allows its multiplexer, too.
     */
    private Set<String> unconditional() {
        Set<String> plain = new TreeSet<>(names);
        for (String name : multiplexed) {
            if (!values.containsKey(name)) {
                plain.add(name);
            }
        }
        Set<String> made = new TreeSet<>(plain);
        IMPLIED.forEach(
                (cause, call) -> {
                    if (made.contains(cause)) {
                        plain.add(call);
                    }
                });
        return plain;
    }

    private Map<String, Set<Long>> conditional(Set<String> plain) {
        Map<String, Set<Long>> left = new TreeMap<>(values);
        left.keySet().removeAll(plain);
        return left;
    }

    private static SyscallRule allow(List<String> names, List<ArgCondition> conditions) {
        return new SyscallRule(names, Action.ALLOW, OptionalInt.empty(), conditions);
    }
}
