package io.jrunc.seccomp;

import io.jrunc.linux.Failure;
import java.util.OptionalInt;

/** What a profile must not say. Source: runtime-spec config-linux.md#seccomp. */
public final class ProfileCheck {
    private static final String FIELD = "linux.seccomp.";
    private static final int MAX_DATA = 0xffff;
    private static final int MAX_ARGUMENT = 5;

    private ProfileCheck() {}

    /** Refuses a profile that cannot be carried out, naming the field. */
    public static void check(Seccomp profile) {
        if (profile.defaultAction() == Action.NOTIFY) {
            throw Failure.invalid(
                    FIELD + "defaultAction", "SCMP_ACT_NOTIFY cannot be the default action");
        }
        checkErrno(FIELD + "defaultErrnoRet", profile.defaultAction(), profile.defaultErrnoRet());
        for (int i = 0; i < profile.syscalls().size(); i++) {
            check(FIELD + "syscalls[" + i + "].", profile.syscalls().get(i));
        }
        if (profile.notifies() && profile.listenerPath().isEmpty()) {
            throw Failure.invalid(FIELD + "listenerPath", "SCMP_ACT_NOTIFY needs it");
        }
    }

    private static void check(String field, SyscallRule rule) {
        if (rule.names().isEmpty()) {
            throw Failure.invalid(field + "names", "is empty");
        }
        // The process that is to start must be able to report that it has loaded the filter.
        if (rule.action() == Action.NOTIFY && rule.names().contains("write")) {
            throw Failure.invalid(
                    field + "names", "SCMP_ACT_NOTIFY cannot be used for the write system call");
        }
        checkErrno(field + "errnoRet", rule.action(), rule.errnoRet());
        for (ArgCondition condition : rule.args()) {
            if (condition.index() < 0 || condition.index() > MAX_ARGUMENT) {
                throw Failure.invalid(
                        field + "args", "a system call has no argument " + condition.index());
            }
        }
    }

    private static void checkErrno(String field, Action action, OptionalInt errno) {
        if (errno.isEmpty()) {
            return;
        }
        if (!action.takesErrno()) {
            throw Failure.invalid(field, action.specName() + " returns no error");
        }
        if (errno.getAsInt() < 0 || errno.getAsInt() > MAX_DATA) {
            throw Failure.invalid(field, errno.getAsInt() + " is not between 0 and " + MAX_DATA);
        }
    }
}
