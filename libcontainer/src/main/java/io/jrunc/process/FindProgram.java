package io.jrunc.process;

import io.jrunc.linux.Call;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.plan.Scene;
import io.jrunc.plan.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the program as execvp(3) would, as the user that will run it, and makes sure that it can
 * run: a mistake is better reported by create than by start.
 */
public record FindProgram(
        String name, List<String> searchPath, List<String> environment, Identity identity)
        implements Step {
    @Override
    public String title() {
        return "find the program " + name;
    }

    @Override
    public String field() {
        return "process.args[0]";
    }

    @Override
    public void apply(Scene scene) {
        Kernel init = scene.init();
        List<String> candidates = candidates();
        identity.assume(init);
        List<Call> answers = new ArrayList<>();
        for (String candidate : candidates) {
            answers.add(init.files().mayExecute(init.files().here(), candidate));
        }
        identity.resume(init);
        boolean denied = false;
        for (int i = 0; i < candidates.size(); i++) {
            Errno error = answers.get(i).error();
            if (error == null && isFile(init.files(), candidates.get(i))) {
                scene.executableIs(candidates.get(i));
                new ProgramCheck(init, environment).check(candidates.get(i));
                return;
            }
            denied |= error == null || error == Errno.EACCES;
            if (hasSlash()) {
                throw cannotRun(candidates.get(i), error);
            }
        }
        throw denied
                ? problem("permission denied", Errno.EACCES, "make it executable for this user")
                : problem(
                        "executable file not found in $PATH",
                        Errno.ENOENT,
                        searchPath.isEmpty()
                                ? "process.env has no PATH"
                                : "PATH is " + String.join(":", searchPath));
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

    private static boolean isFile(Files files, String path) {
        try (Fd file = files.open(path, OpenFlag.PATH)) {
            return !files.stat(file).isDirectory();
        }
    }

    private Failure cannotRun(String path, Errno error) {
        if (error == null) {
            return problem("permission denied", Errno.EACCES, "it is a directory");
        }
        if (error == Errno.EACCES) {
            return problem("permission denied", error, "make it executable for this user");
        }
        return problem("stat " + path + ": " + error.description(), error, "");
    }

    private Failure problem(String problem, Errno errno, String hint) {
        return Failure.of("exec", "exec: \"" + name + "\": " + problem, name, errno, hint);
    }
}
