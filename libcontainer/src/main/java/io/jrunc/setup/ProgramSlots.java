// SPDX-License-Identifier: Apache-2.0
package io.jrunc.setup;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import java.util.Optional;

/** What the look-ups in the image have found out about the program and its user. */
public final class ProgramSlots {
    private final Slot<String> executable = new Slot<>("the program's path", "FindProgram");
    private final Slot<Failure> doubt = new Slot<>("a doubt about the program", "FindProgram");
    private final Slot<Fd> interpreter = new Slot<>("the host's program", "OpenInterpreter");
    private final Slot<String> home = new Slot<>("the user's home", "FindHome");

    ProgramSlots() {}

    /** The program's path inside the container. */
    public String executable() {
        return executable.get();
    }

    /** Sets the program's path. */
    public void setExecutable(String path) {
        executable.set(path);
    }

    /** The host's program that is executed instead, open in init; empty: none is. */
    public Optional<Fd> interpreter() {
        return interpreter.find();
    }

    /** Sets the host's program. */
    public void setInterpreter(Fd program) {
        interpreter.set(program);
    }

    /** Why the kernel may refuse to execute the program, which only the kernel can decide. */
    public Optional<Failure> doubt() {
        return doubt.find();
    }

    /** Sets a reason for which the program may not run. */
    public void setDoubt(Failure reason) {
        doubt.set(reason);
    }

    /** The home directory of the program's user; "/" if the image knows none. */
    public String home() {
        return home.find().orElse("/");
    }

    /** Sets the home directory. */
    public void setHome(String path) {
        home.set(path);
    }
}
