package io.jrunc.container;

import io.jrunc.linux.Failure;
import io.jrunc.spec.Linux;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Spec;

/** Refuses, by name, what is valid but not carried out yet: nothing is ever silently ignored. */
final class Unsupported {
    private Unsupported() {}

    static void refuse(Spec spec) {
        if (spec.process().isPresent()) {
            process(spec.process().get());
        }
        linux(spec.linux());
    }

    private static void process(ProcessSpec process) {
        refuse(process.apparmorProfile().isPresent(), "process.apparmorProfile");
        refuse(process.selinuxLabel().isPresent(), "process.selinuxLabel");
    }

    private static void linux(Linux linux) {
        refuse(linux.mountLabel().isPresent(), "linux.mountLabel");
    }

    private static void refuse(boolean asked, String field) {
        if (asked) {
            throw Failure.unsupported(
                    field, "not supported by this version of jrunc yet; remove it");
        }
    }
}
