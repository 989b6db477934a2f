// SPDX-License-Identifier: Apache-2.0
package io.jrunc.hook;

import io.jrunc.linux.Call;
import io.jrunc.linux.ChildOp;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.spec.CrunAnnotations;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The files that hooks print to if annotations say so, open in the runtime. Without, what they
 * print is kept and shown if they fail.
 *
 * @param out empty: kept
 * @param err empty: kept
 */
public record HookOutput(Optional<Fd> out, Optional<Fd> err) implements AutoCloseable {
    /** All is kept. */
    public static final HookOutput KEPT = new HookOutput(Optional.empty(), Optional.empty());

    private static final int MODE = 0600;

    /**
     * Opens what the annotations name, to append to it; what is missing is made.
     *
     * @param allowed whether the caller allows an annotation: it may come from an image
     * @param caller a process in which the paths mean what they mean to the caller
     */
    public static HookOutput of(
            Map<String, String> annotations, Predicate<String> allowed, Kernel caller) {
        if (annotations.isEmpty()) {
            return KEPT;
        }
        Optional<Fd> out = open(annotations, CrunAnnotations.HOOKS_STDOUT, allowed, caller);
        try {
            Optional<Fd> err = open(annotations, CrunAnnotations.HOOKS_STDERR, allowed, caller);
            return new HookOutput(out, err);
        } catch (Failure f) {
            out.ifPresent(Fd::close);
            throw f;
        }
    }

    private static Optional<Fd> open(
            Map<String, String> annotations,
            String name,
            Predicate<String> allowed,
            Kernel caller) {
        if (!annotations.containsKey(name) || !allowed.test(name)) {
            return Optional.empty();
        }
        String path = CrunAnnotations.path(annotations, name).orElseThrow();
        Files files = caller.files();
        OpenFlag[] flags = {OpenFlag.WRONLY, OpenFlag.APPEND, OpenFlag.NOCTTY};
        try (Fd theirs = files.openOrCreate(files.here(), path, MODE, flags)) {
            Call sent = new Call(caller, ChildOp.ATTACH, path, theirs).submit();
            return Optional.of(sent.requireAttached());
        } catch (Failure f) {
            throw f.during(CrunAnnotations.field(name));
        }
    }

    @Override
    public void close() {
        out.ifPresent(Fd::close);
        err.ifPresent(Fd::close);
    }
}
