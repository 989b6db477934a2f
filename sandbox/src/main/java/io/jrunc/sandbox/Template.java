// SPDX-License-Identifier: Apache-2.0
package io.jrunc.sandbox;

import io.jrunc.container.model.Bundle;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Root;
import io.jrunc.spec.Spec;
import io.jrunc.spec.json.SpecReader;
import io.jrunc.spec.json.SpecWriter;
import io.jrunc.validate.Validator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The specification of a sandbox, but for the command, together with the directories that it needs.
 *
 * @param directory the bundle's
 * @param plain for a program of the root file system
 * @param forJava for a Java archive, which the host's JDK executes
 */
record Template(Path directory, Spec plain, Spec forJava) {
    private static final String PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final String JAR = ".jar";
    private static final String HANDLER = "run.oci.handler";

    /** Where the files are, what else is shown, and what a bundle says. */
    private record RootFiles(
            Path root, List<Settings.Binding> shown, Map<String, String> env, String cwd) {}

    /** Makes one. */
    static Template of(Sandboxes place, Settings settings) {
        try {
            return new Maker(place, settings).make();
        } catch (IOException e) {
            throw Failure.of(Failure.Code.HOST, "prepare the sandbox: " + e, e);
        }
    }

    /** Returns the bundle of a sandbox for {@code command}. */
    Bundle bundle(List<String> command) {
        if (command.isEmpty() || command.get(0).isEmpty()) {
            throw Failure.invalid("command", "is empty", "name a program");
        }
        for (String word : command) {
            if (word.contains("\0")) {
                throw Failure.invalid("command", "a word of it contains a zero byte");
            }
        }
        return bundle(command.get(0).endsWith(JAR) ? forJava : plain, command);
    }

    private Bundle bundle(Spec spec, List<String> command) {
        ProcessSpec process = spec.process().orElseThrow().withArguments(command);
        Spec full = spec.withProcess(process);
        byte[] json = SpecWriter.compact(full).getBytes(StandardCharsets.UTF_8);
        return new Bundle(directory.toString(), json, full, List.of());
    }

    /** Makes what a handler mounts on; where that is depends on the archive and on the JDK. */
    void prepare(Sandboxes place, Bundle bundle) {
        if (!bundle.spec().annotations().isEmpty()) {
            Spec handled = place.handled(bundle).spec();
            makeMountPoints(place.kernel(), handled.root().orElseThrow().path(), handled);
        }
    }

    private record Maker(Sandboxes place, Settings settings) {
        private Template make() throws IOException {
            RootFiles files = files();
            SandboxSpec maker = new SandboxSpec(settings, place.facilities(), place.name());
            Spec spec =
                    maker.spec(
                            new Root(files.root.toString(), true),
                            files.shown,
                            environment(files.env),
                            settings.workingDirectory().orElse(files.cwd));
            makeMountPoints(place.kernel(), files.root.toString(), spec);
            Validator.check(spec, place.facilities().host().facts());
            String handler = place.javaHandler(settings);
            return new Template(
                    place.directory(),
                    spec,
                    new Spec.Builder(spec).annotations(Map.of(HANDLER, handler)).build());
        }

        private RootFiles files() throws IOException {
            return switch (settings.root()) {
                case HOST_USR -> new RootFiles(place.usrRoot(), HostUsr.shown(), Map.of(), "/");
                case DIRECTORY ->
                        new RootFiles(settings.directory().orElseThrow(), List.of(), Map.of(), "/");
                case BUNDLE -> ofBundle(settings.directory().orElseThrow());
                case NONE ->
                        throw Failure.invalid(
                                "Sandbox",
                                "has no root file system",
                                "call rootfs(directory), hostUsr() or bundle(directory)");
            };
        }

        private RootFiles ofBundle(Path bundle) {
            Spec spec =
                    SpecReader.read(
                            Bundle.document(place.kernel(), bundle.toString(), Bundle.CONFIG));
            Root root =
                    spec.root()
                            .orElseThrow(
                                    () ->
                                            Failure.invalid(
                                                    bundle + "/" + Bundle.CONFIG, "has no root"));
            Map<String, String> env = new LinkedHashMap<>();
            Optional<ProcessSpec> process = spec.process();
            for (String variable : process.map(ProcessSpec::env).orElse(List.of())) {
                int equals = variable.indexOf('=');
                env.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
            String cwd = process.map(ProcessSpec::cwd).filter(path -> !path.isEmpty()).orElse("/");
            return new RootFiles(bundle.resolve(root.path()).normalize(), List.of(), env, cwd);
        }

        private List<String> environment(Map<String, String> ofBundle) {
            Map<String, String> all = new LinkedHashMap<>();
            all.put("PATH", PATH);
            all.put("HOME", "/tmp");
            all.put("LANG", "C.UTF-8");
            if (settings.hasTerminal()) {
                all.put("TERM", "xterm");
            }
            all.putAll(ofBundle);
            all.putAll(settings.env());
            List<String> variables = new ArrayList<>();
            all.forEach((name, value) -> variables.add(name + "=" + value));
            return variables;
        }
    }

    /** What is mounted below another mount is made there by the sandbox itself, if it may. */
    private static void makeMountPoints(Kernel kernel, String rootfs, Spec spec) {
        try (MountPoints points = MountPoints.below(kernel, rootfs)) {
            List<String> mounted = new ArrayList<>();
            for (var mount : spec.mounts()) {
                String target = mount.destination();
                if (mounted.stream().noneMatch(above -> target.startsWith(above + "/"))) {
                    if (mount.isBind()
                            && Files.isRegularFile(Path.of(mount.source().orElseThrow()))) {
                        points.file(target);
                    } else {
                        points.directory(target);
                    }
                }
                mounted.add(target);
            }
        }
    }
}
