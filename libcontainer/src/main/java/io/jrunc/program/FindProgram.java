// SPDX-License-Identifier: Apache-2.0
package io.jrunc.program;

import io.jrunc.credentials.Identity;
import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Stat;
import io.jrunc.rootfs.ImageFile;
import io.jrunc.rootfs.ImageFiles;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finds the program as execvp(3) would, as the user that will run it and with the capabilities that
 * count for that, and makes sure that it can run: a mistake is better reported by create than by
 * start. What the kernel would run is never refused.
 *
 * @param capabilities the program's effective ones, one bit per number
 */
public record FindProgram(
        String name,
        List<String> searchPath,
        List<String> environment,
        Identity identity,
        long capabilities)
        implements Step {
    /** CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH. */
    private static final long OVERRIDES = 0b110;

    @Override
    public String title() {
        return "find the program " + name;
    }

    @Override
    public String field() {
        return "process.args[0]";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        Kernel init = context.init();
        List<String> candidates = candidates();
        assume(context);
        List<Call> answers = new ArrayList<>();
        for (String candidate : candidates) {
            answers.add(init.files().mayExecute(init.files().here(), candidate));
        }
        identity.resume(init);
        ImageFiles image = new ImageFiles(context);
        List<Supplier<ImageFile>> found = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            found.add(image.ask(candidates.get(i), answers.get(i)));
        }
        init.then(() -> decide(context, image, candidates, answers, found));
    }

    private void decide(
            SetupContext context,
            ImageFiles image,
            List<String> candidates,
            List<Call> answers,
            List<Supplier<ImageFile>> found) {
        String denied = "";
        for (int i = 0; i < candidates.size(); i++) {
            String candidate = candidates.get(i);
            Optional<Errno> error = answers.get(i).error();
            if (error.isEmpty() && isFound(context, image, candidate, found.get(i))) {
                closeRest(answers, found, i + 1);
                return;
            }
            if (error.isPresent() && isOfFilter(error.get())) {
                String hint = "a seccomp filter around this runtime refuses it";
                throw Failure.syscall("faccessat2", candidate, error.get(), hint);
            }
            if (denied.isEmpty() && (error.isEmpty() || error.get() == Errno.EACCES)) {
                denied = candidate;
            }
            if (hasSlash()) {
                throw error.isEmpty()
                        ? problem("permission denied", candidate, Errno.EACCES, "it is a directory")
                        : cannotRun(candidate, error.get());
            }
        }
        throw !denied.isEmpty()
                ? cannotRun(denied, Errno.EACCES)
                : problem(
                        "executable file not found in $PATH",
                        name,
                        Errno.ENOENT,
                        searchPath.isEmpty()
                                ? "process.env has no PATH"
                                : "PATH is " + String.join(":", searchPath));
    }

    private static boolean isOfFilter(Errno error) {
        return error == Errno.ENOSYS || error == Errno.EPERM;
    }

    /** Acts as the user, with those of its capabilities that open files to it. */
    private void assume(SetupContext context) {
        Kernel init = context.init();
        long wanted = capabilities & OVERRIDES;
        long held = identity.uid() != 0 && wanted != 0 ? held(init) : 0;
        identity.keepingGroups(context.keepsGroups())
                .assume(init); // which takes the effective capabilities of all but root
        if ((wanted & held) != 0) {
            init.credentials().setCapabilities(wanted & held, held, 0);
        }
    }

    private static long held(Kernel init) {
        return init.credentials().permittedCapabilities();
    }

    /** Takes note of the program, unless it is a directory. */
    private boolean isFound(
            SetupContext context, ImageFiles image, String path, Supplier<ImageFile> found) {
        try (ImageFile program = found.get()) {
            Optional<Stat> stat = program.stat();
            if (stat.isPresent() && stat.get().isDirectory()) {
                return false;
            }
            context.program().setExecutable(path);
            check(context, image, path, program);
            return true;
        }
    }

    /** What else was found has been opened together with it. */
    private static void closeRest(List<Call> answers, List<Supplier<ImageFile>> found, int first) {
        for (int i = first; i < found.size(); i++) {
            if (answers.get(i).error().isEmpty()) {
                found.get(i).get().close();
            }
        }
    }

    private void check(SetupContext context, ImageFiles image, String path, ImageFile program) {
        try {
            new ProgramCheck(context.init(), context.runtime(), image, environment)
                    .check(path, program);
        } catch (Failure f) {
            if (!f.is(Errno.ENOEXEC) || !BinaryFormats.mayBeRegistered(context.runtime())) {
                throw f;
            }
            context.program().setDoubt(f); // reported if the kernel refuses the program, too
        }
    }

    private boolean hasSlash() {
        return name.indexOf('/') >= 0;
    }

    private List<String> candidates() {
        List<String> candidates = new ArrayList<>();
        if (hasSlash()) {
            candidates.add(name);
        } else {
            for (String directory : searchPath) {
                // An empty entry is the working directory, see execvp(3).
                candidates.add((directory.isEmpty() ? "." : directory) + "/" + name);
            }
        }
        return candidates;
    }

    private Failure cannotRun(String path, Errno error) {
        if (error == Errno.EACCES) {
            return problem("permission denied", path, error, "make it executable for this user");
        }
        return problem("stat " + path + ": " + error.description(), path, error, "");
    }

    private Failure problem(String problem, String path, Errno errno, String hint) {
        return Failure.of(
                Failure.Code.EXEC, "exec: \"" + name + "\": " + problem, path, errno, hint);
    }
}
