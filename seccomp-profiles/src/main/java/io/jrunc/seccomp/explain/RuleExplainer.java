// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.explain;

import io.jrunc.linux.Errno;
import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SyscallRule;
import io.jrunc.seccomp.compile.Decision;
import io.jrunc.seccomp.compile.FilterCompiler;
import io.jrunc.seccomp.recording.ObservedCall;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Tells which part of a profile decides about a call. What is decided comes from the very decisions
 * that are assembled into the filter; whose decision it is, from the rules that agree with it.
 */
public final class RuleExplainer {
    private static final String FIELD = "linux.seccomp";
    private static final int DATA_BYTES = 64;
    private static final int ARGUMENTS = 16;
    private static final int RETURN_ACTION = 0xffff_0000;
    private static final int RETURN_DATA = 0xffff;
    private static final int EPERM = 1;
    private static final int SHOWN_NAMES = 6;

    private final Seccomp profile;
    private final Decision root;
    private final Set<Architecture> architectures = new LinkedHashSet<>();

    private RuleExplainer(Seccomp profile, Architecture nativeArchitecture) {
        this.profile = profile;
        root = FilterCompiler.decide(profile, nativeArchitecture);
        architectures.add(nativeArchitecture);
        architectures.addAll(profile.architectures());
    }

    /** Decides by what {@link FilterCompiler} would make of the same profile. */
    public static RuleExplainer of(Seccomp profile, Architecture nativeArchitecture) {
        return new RuleExplainer(profile, nativeArchitecture);
    }

    /**
     * Returns the rule that denies a call whose arguments are known; empty if the call is made.
     * Without a tracer, {@link Action#TRACE} denies.
     */
    public Optional<Verdict> denial(ObservedCall call) {
        Action action = action(decide(call));
        boolean made = action == Action.ALLOW || action == Action.LOG;
        return made ? Optional.empty() : Optional.of(rule(call));
    }

    /** What is decided about a call whose arguments are known. */
    public Verdict rule(ObservedCall call) {
        int value = decide(call);
        Action action = action(value);
        OptionalInt errno =
                action == Action.ERRNO ? OptionalInt.of(value & RETURN_DATA) : OptionalInt.empty();
        return new Verdict(action, errno, source(call, action, errno));
    }

    /**
     * Returns the rule that denied a call whose arguments may be unknown; empty if this profile
     * never returns that value for it, or does not deny it.
     *
     * @param returned what the filter returned, as an audit record has it: without its data
     */
    public Optional<Verdict> denial(ObservedCall call, int returned) {
        if (!mayAnswer(call, returned)) {
            return Optional.empty();
        }
        Action action = action(returned);
        if (action.allows()) {
            return Optional.empty();
        }
        return Optional.of(
                new Verdict(
                        action, OptionalInt.empty(), source(call, action, OptionalInt.empty())));
    }

    /** Returns whether some arguments lead to an answer. */
    private boolean mayAnswer(ObservedCall call, int returned) {
        ByteBuffer data = ByteBuffer.allocate(ARGUMENTS).order(call.architecture().order());
        data.putInt(call.number()).putInt(call.architecture().auditArch());
        Set<Decision> seen = new HashSet<>();
        Deque<Decision> open = new ArrayDeque<>(List.of(root));
        while (!open.isEmpty()) {
            Decision at = open.pop();
            if (!seen.add(at)) {
                continue;
            }
            if (at.isFinal()) {
                if ((at.constant & RETURN_ACTION) == (returned & RETURN_ACTION)) {
                    return true;
                }
            } else if (at.word < ARGUMENTS) {
                open.push(at.holds(data.getInt(at.word)) ? at.yes : at.no);
            } else {
                open.push(at.yes);
                open.push(at.no);
            }
        }
        return false;
    }

    private int decide(ObservedCall call) {
        ByteBuffer data = ByteBuffer.allocate(DATA_BYTES).order(call.architecture().order());
        data.putInt(call.number()).putInt(call.architecture().auditArch()).putLong(0);
        call.arguments().forEach(data::putLong);
        Decision at = root;
        while (!at.isFinal()) {
            at = at.holds(data.getInt(at.word)) ? at.yes : at.no;
        }
        return at.constant;
    }

    private static Action action(int value) {
        for (Action action : Action.values()) {
            if (action.returnValue(0) == (value & RETURN_ACTION)) {
                return action;
            }
        }
        throw new IllegalArgumentException("no action: 0x" + Integer.toHexString(value));
    }

    private String source(ObservedCall call, Action action, OptionalInt errno) {
        if (!architectures.contains(call.architecture())) {
            return FIELD + ".architectures: " + call.architecture().specName() + " is not in it";
        }
        long[] known = call.arguments().stream().mapToLong(Long::longValue).toArray();
        RuleSearch search = new RuleSearch(profile, call.architecture(), known);
        for (FilterQuestion.Reason reason : search.about(call.number()).reasons()) {
            SyscallRule rule = reason.rule();
            if (agrees(rule.action(), rule.errnoRet(), action, errno)) {
                return FIELD
                        + ".syscalls["
                        + reason.index()
                        + "] ("
                        + shown(rule.names())
                        + "): "
                        + said(rule.action(), rule.errnoRet());
            }
        }
        if (agrees(profile.defaultAction(), profile.defaultErrnoRet(), action, errno)) {
            return FIELD
                    + ".defaultAction: "
                    + said(profile.defaultAction(), profile.defaultErrnoRet());
        }
        return action == Action.ERRNO
                ? FIELD + ".syscalls: newer than all calls that it names, so as if there was none"
                : FIELD + ".architectures: none of them has a call of this number";
    }

    private static boolean agrees(
            Action wanted, OptionalInt wantedErrno, Action action, OptionalInt errno) {
        return wanted.returnValue(0) == action.returnValue(0)
                && (errno.isEmpty() || wantedErrno.orElse(EPERM) == errno.getAsInt());
    }

    private static String said(Action action, OptionalInt errno) {
        return action == Action.ERRNO
                ? action.specName() + " " + Errno.of(errno.orElse(EPERM))
                : action.specName();
    }

    private static String shown(List<String> names) {
        return names.size() <= SHOWN_NAMES
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, SHOWN_NAMES))
                        + " and "
                        + (names.size() - SHOWN_NAMES)
                        + " more";
    }
}
