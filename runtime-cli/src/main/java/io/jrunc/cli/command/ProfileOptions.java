// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.Container;
import io.jrunc.container.model.Bundle;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.profile.BundledProfile;
import io.jrunc.seccomp.profile.EngineProfile;
import io.jrunc.seccomp.profile.KernelVersion;
import io.jrunc.seccomp.profile.ProfileContext;
import io.jrunc.spec.CapabilityNames;
import io.jrunc.spec.json.ProfileReader;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The options that select a seccomp profile, and the conditions to resolve it for. */
public final class ProfileOptions {
    private ProfileOptions() {}

    /** Adds what a profile depends on. */
    public static void describeProfileContext(Syntax syntax) {
        syntax.repeated(
                "LIST",
                "the container's capabilities, divided by commas; default (Docker's), all"
                        + " and none stand for some (default: default)",
                "--cap");
        syntax.option("ARCH", "the machine's architecture (default: this)", "--arch");
        syntax.option("VERSION", "of the machine's kernel (default: this)", "--kernel");
    }

    /** Adds where a filter is, if it is in no profile. */
    public static void describePlaces(Syntax syntax) {
        syntax.option("DIR", "the filter of this bundle (default: here)", "--bundle");
        syntax.option("ID", "the filter of this container", "--container");
    }

    public static ProfileContext profileContext(Arguments arguments) {
        return new ProfileContext(
                capabilities(arguments.values("--cap")),
                architecture(arguments),
                kernel(arguments));
    }

    private static Architecture architecture(Arguments arguments) {
        if (!arguments.has("--arch")) {
            return Architecture.ofThisMachine();
        }
        String name = arguments.value("--arch", "");
        return Architecture.named(name)
                .orElseThrow(
                        () ->
                                Failure.of(
                                        Failure.Code.USAGE,
                                        "--arch: \""
                                                + name
                                                + "\" is no architecture; write one such as amd64,"
                                                + " arm64, s390x, or SCMP_ARCH_X86"));
    }

    private static KernelVersion kernel(Arguments arguments) {
        if (!arguments.has("--kernel")) {
            return KernelVersion.ofThisMachine();
        }
        String text = arguments.value("--kernel", "");
        return KernelVersion.ofRelease(text)
                .orElseThrow(
                        () ->
                                Failure.of(
                                        Failure.Code.USAGE,
                                        "--kernel: \""
                                                + text
                                                + "\" is no version; write two numbers, as 5.10"));
    }

    private static Set<String> capabilities(List<String> lists) {
        if (lists.isEmpty()) {
            return CapabilityNames.DOCKERS;
        }
        Set<String> all = new HashSet<>();
        for (String word : String.join(",", lists).split(",", -1)) {
            switch (word) {
                case "default" -> all.addAll(CapabilityNames.DOCKERS);
                case "all", "ALL" -> all.addAll(CapabilityNames.ALL);
                case "none" -> {}
                default -> all.add(capability(word));
            }
        }
        return all;
    }

    private static String capability(String word) {
        String upper = word.toUpperCase(Locale.ROOT);
        String name = upper.startsWith("CAP_") ? upper : "CAP_" + upper;
        if (CapabilityNames.numberOf(name) < 0) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "--cap: \""
                            + word
                            + "\" is no capability; write names as in capabilities(7), or default,"
                            + " all or none");
        }
        return name;
    }

    /** Returns one of our own profiles, a file, or the bundle in a directory. */
    public static EngineProfile named(Context context, String word) {
        Optional<BundledProfile> own = BundledProfile.named(word);
        if (own.isPresent()) {
            return ProfileReader.read(own.get());
        }
        try {
            return present(ProfileReader.readAny(context.read(word), word), word);
        } catch (Failure f) {
            if (f.is(Errno.EISDIR)) {
                return ofBundle(context, word);
            }
            throw f.is(Errno.ENOENT)
                    ? Failure.of(
                            Failure.Code.USAGE,
                            '"'
                                    + word
                                    + "\" is no file, and no profile of jrunc; write default,"
                                    + " strict, audit, or the path of a profile or bundle")
                    : f.getMessage().startsWith(word) ? f : f.during(word);
        }
    }

    /** Returns what {@code --profile}, {@code --bundle} or {@code --container} names. */
    public static EngineProfile chosen(
            Context context, Optional<String> name, Arguments arguments) {
        boolean hasBundle = arguments.has("--bundle");
        boolean hasContainer = arguments.has("--container");
        if ((name.isPresent() ? 1 : 0) + (hasBundle ? 1 : 0) + (hasContainer ? 1 : 0) > 1) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    "a profile, --bundle and --container exclude each other; write one of them");
        }
        if (name.isPresent()) {
            return named(context, name.get());
        }
        return hasContainer
                ? ofContainer(context, arguments.value("--container", ""))
                : ofBundle(context, arguments.value("--bundle", "."));
    }

    private static EngineProfile ofBundle(Context context, String directory) {
        String path = context.launcher().directory(directory);
        byte[] json = Bundle.document(context.kernel(), path, Bundle.CONFIG);
        return present(ProfileReader.readAny(json, Bundle.CONFIG), path + "/" + Bundle.CONFIG);
    }

    private static EngineProfile ofContainer(Context context, String id) {
        try (Container container = context.containers().load(id)) {
            return present(
                    container.spec().linux().seccomp().map(EngineProfile::of), "container " + id);
        }
    }

    private static EngineProfile present(Optional<EngineProfile> profile, String where) {
        return profile.orElseThrow(
                () ->
                        Failure.of(
                                Failure.Code.USAGE,
                                where
                                        + ": has no filter of system calls; write one that has"
                                        + " linux.seccomp"));
    }
}
