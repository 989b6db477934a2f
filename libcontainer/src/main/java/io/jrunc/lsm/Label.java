// SPDX-License-Identifier: Apache-2.0
package io.jrunc.lsm;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;

/** A label that the specification asks for. */
record Label(LabelKind kind, String value) {

    /** Returns what is written to ask for it. */
    String request() {
        return kind.request(value);
    }

    /** Returns what the kernel's answer to {@link #request} means. */
    Failure explained(Failure failure) {
        boolean profile = kind == LabelKind.APPARMOR_PROFILE;
        if (profile && failure.is(Errno.ENOENT)) {
            return invalid("is not loaded", "load it with apparmor_parser -r FILE; see aa-status");
        }
        if (!profile && failure.is(Errno.EINVAL)) {
            return invalid(
                    "is no context of the loaded policy", "write user:role:type:level; see seinfo");
        }
        if (failure.is(Errno.EACCES) || failure.is(Errno.EPERM)) {
            return invalid(
                    "is denied to the runtime itself",
                    "run it less confined; dmesg or ausearch -m avc show the rule");
        }
        return failure.during(kind.field());
    }

    private Failure invalid(String problem, String remedy) {
        return Failure.invalid(kind.field(), this + " " + problem, remedy);
    }

    @Override
    public String toString() {
        return '"' + value + '"';
    }
}
