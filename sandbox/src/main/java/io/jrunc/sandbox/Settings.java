// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import io.jrunc.spec.template.HardenedSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** All that {@link Sandbox} says of a sandbox. Copied, and changed only while it is copied. */
final class Settings {
    /** The kernel's least quota, 1 ms in a period of 100 ms. */
    static final double LEAST_CPUS = 0.01;

    private static final long MAX_OUTPUT = 16L << 20;

    /** Where the files come from. */
    enum Root {
        NONE,
        DIRECTORY,
        HOST_USR,
        BUNDLE
    }

    /** A file or directory of the host that is shown at {@code target}. */
    record Binding(Path source, String target, boolean writable) {}

    private Root root = Root.NONE;
    private Optional<Path> directory = Optional.empty();
    private List<Binding> bindings = List.of();
    private long memory = HardenedSpec.MEMORY;
    private long pids = HardenedSpec.TASKS;
    private double cpus = 1;
    private Limits limits = Limits.REQUIRED;
    private Optional<Duration> timeout = Optional.empty();
    private long maxOutput = MAX_OUTPUT;
    private Map<String, String> env = Map.of();
    private Optional<String> workingDirectory = Optional.empty();
    private Input stdin = Input.nothing();
    private Output stdout = Output.captured();
    private Output stderr = Output.captured();
    private boolean terminal;

    private Settings copy() {
        Settings copy = new Settings();
        copy.root = root;
        copy.directory = directory;
        copy.bindings = bindings;
        copy.memory = memory;
        copy.pids = pids;
        copy.cpus = cpus;
        copy.limits = limits;
        copy.timeout = timeout;
        copy.maxOutput = maxOutput;
        copy.env = env;
        copy.workingDirectory = workingDirectory;
        copy.stdin = stdin;
        copy.stdout = stdout;
        copy.stderr = stderr;
        copy.terminal = terminal;
        return copy;
    }

    Settings root(Path rootfs) {
        return from(Root.DIRECTORY, Optional.of(rootfs));
    }

    Settings hostUsr() {
        return from(Root.HOST_USR, Optional.empty());
    }

    Settings bundle(Path bundle) {
        return from(Root.BUNDLE, Optional.of(bundle));
    }

    private Settings from(Root kind, Optional<Path> path) {
        Settings copy = copy();
        copy.root = kind;
        copy.directory = path;
        return copy;
    }

    private Settings with(Consumer<Settings> change) {
        Settings copy = copy();
        change.accept(copy);
        return copy;
    }

    Settings bind(Path source, String target, boolean writable) {
        Settings copy = copy();
        List<Binding> all = new ArrayList<>(bindings);
        all.add(new Binding(source, target, writable));
        copy.bindings = List.copyOf(all);
        return copy;
    }

    Settings memory(long bytes) {
        return with(copy -> copy.memory = bytes);
    }

    Settings pids(long count) {
        return with(copy -> copy.pids = count);
    }

    Settings cpus(double processors) {
        return with(copy -> copy.cpus = processors);
    }

    Settings limits(Limits other) {
        return with(copy -> copy.limits = other);
    }

    Settings timeout(Duration time) {
        return with(copy -> copy.timeout = Optional.of(time));
    }

    Settings maxOutput(long bytes) {
        return with(copy -> copy.maxOutput = bytes);
    }

    Settings env(String name, String value) {
        Settings copy = copy();
        Map<String, String> all = new LinkedHashMap<>(env);
        all.put(name, value);
        copy.env = all;
        return copy;
    }

    Settings workingDirectory(String path) {
        return with(copy -> copy.workingDirectory = Optional.of(path));
    }

    Settings stdin(Input input) {
        return with(copy -> copy.stdin = input);
    }

    Settings stdout(Output output) {
        return with(copy -> copy.stdout = output);
    }

    Settings stderr(Output output) {
        return with(copy -> copy.stderr = output);
    }

    Settings withTerminal() {
        return with(copy -> copy.terminal = true);
    }

    /** Returns all that the specification depends on, to be compared. */
    Object specification() {
        return List.of(
                root,
                directory,
                bindings,
                memory,
                pids,
                cpus,
                limits,
                env,
                workingDirectory,
                terminal);
    }

    Root root() {
        return root;
    }

    /** Returns the root file system or the bundle; empty for that of the host's programs. */
    Optional<Path> directory() {
        return directory;
    }

    List<Binding> bindings() {
        return bindings;
    }

    long memory() {
        return memory;
    }

    long pids() {
        return pids;
    }

    double cpus() {
        return cpus;
    }

    Limits limits() {
        return limits;
    }

    Optional<Duration> timeout() {
        return timeout;
    }

    long maxOutput() {
        return maxOutput;
    }

    Map<String, String> env() {
        return env;
    }

    Optional<String> workingDirectory() {
        return workingDirectory;
    }

    Input stdin() {
        return stdin;
    }

    Output stdout() {
        return stdout;
    }

    Output stderr() {
        return stderr;
    }

    boolean hasTerminal() {
        return terminal;
    }
}
