// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import io.jrunc.host.Host;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.local.LocalKernel;
import io.jrunc.rootfs.RootfsSteps;
import io.jrunc.spec.Spec;
import io.jrunc.spec.json.SpecReader;
import io.jrunc.spec.json.SpecWriter;
import io.jrunc.validate.HostFacts;
import io.jrunc.validate.Validator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A directory with a {@code config.json}, read and checked. Source: runtime-spec bundle.md.
 *
 * @param directory absolute
 * @param config the document as it was read; it is kept, so that later edits do not matter
 * @param warnings what is odd but carried out all the same
 */
public record Bundle(String directory, byte[] config, Spec spec, List<String> warnings) {
    /** The name of the specification in the bundle. */
    public static final String CONFIG = "config.json";

    /** Reads and checks the bundle in {@code directory}; {@code config} is a path below it. */
    @SuppressWarnings("exports") // for the command line
    public static Bundle read(Kernel kernel, String directory, String config, HostFacts facts) {
        return of(directory, document(kernel, directory, config), facts);
    }

    /** Reads and checks the bundle in {@code directory}. */
    public static Bundle at(Path directory) {
        Path absolute =
                Objects.requireNonNull(directory, "Bundle.at: directory is null").toAbsolutePath();
        return read(LocalKernel.get(), absolute.toString(), CONFIG, Host.read(false).facts());
    }

    /**
     * Makes and checks a bundle without a file.
     *
     * @param directory that relative paths in {@code spec} start from
     */
    public static Bundle of(Path directory, Spec spec) {
        String absolute =
                Objects.requireNonNull(directory, "Bundle.of: directory is null")
                        .toAbsolutePath()
                        .toString();
        String json = SpecWriter.compact(Objects.requireNonNull(spec, "Bundle.of: spec is null"));
        return of(absolute, json.getBytes(StandardCharsets.UTF_8), Host.read(false).facts());
    }

    /** The bundle in {@code directory} whose specification is the document {@code json}. */
    @SuppressWarnings("exports") // for the command line
    public static Bundle of(String directory, byte[] json, HostFacts facts) {
        List<String> warnings = new ArrayList<>();
        Spec spec = SpecReader.read(json, warnings::add);
        warnings.addAll(Validator.check(spec, facts));
        warnings.addAll(RootfsSteps.warnings(spec, directory));
        return new Bundle(directory, json, spec, warnings);
    }

    /** Returns the same with what annotations put in place of it, if the caller allows them. */
    public Bundle heeding(ProcessSpawner caller) {
        if (spec.annotations().isEmpty()) {
            return this;
        }
        Spec heeding = new GuardedAnnotations(spec.annotations(), caller).heeded(spec);
        return new Bundle(directory, config, heeding, warnings);
    }

    /** Reads the document alone; {@code config} is a path below {@code directory}. */
    public static byte[] document(Kernel kernel, String directory, String config) {
        String path = config.startsWith("/") ? config : directory + "/" + config;
        try (Fd file = kernel.files().open(path, OpenFlag.RDONLY)) {
            return kernel.files().readAll(file);
        } catch (Failure f) {
            if (f.is(Errno.ENOENT) && !kernel.files().exists(directory)) {
                throw Failure.of(
                        Failure.Code.NO_BUNDLE,
                        "bundle " + directory + ": no such file or directory",
                        directory,
                        Errno.ENOENT,
                        "name the directory that holds " + CONFIG);
            }
            throw f.is(Errno.ENOENT) ? missing(config, path) : f;
        }
    }

    /** Says that there is no specification {@code config} at {@code path}. */
    public static Failure missing(String config, String path) {
        return Failure.of(
                Failure.Code.NO_CONFIG,
                "JSON specification file " + config + " not found",
                path,
                Errno.ENOENT,
                "Bundle.of needs none");
    }
}
