// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.json;

import io.jrunc.json.JsonTree;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.SyscallRule;
import io.jrunc.seccomp.profile.BundledProfile;
import io.jrunc.seccomp.profile.EngineProfile;
import io.jrunc.seccomp.profile.EngineRule;
import io.jrunc.seccomp.profile.KernelVersion;
import io.jrunc.seccomp.profile.Requirement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads a profile as Docker and Podman keep it. An object like {@code linux.seccomp} is one, too.
 * Source: github.com/moby/profiles (seccomp), github.com/containers/common (pkg/seccomp).
 */
public final class ProfileReader {
    private ProfileReader() {}

    /**
     * Reads a document; empty if it neither decides nor has rules, which turns filtering off.
     *
     * @param file names the document in messages
     */
    public static Optional<EngineProfile> read(byte[] json, String file) {
        return profile(Fields.parse(json, file));
    }

    /** As {@link #read(byte[], String)}, and takes a whole {@code config.json}, too. */
    public static Optional<EngineProfile> readAny(byte[] json, String file) {
        Fields f = Fields.parse(json, file);
        return f.has("linux")
                ? SeccompReader.seccomp(f.object("linux").object("seccomp")).map(EngineProfile::of)
                : profile(f);
    }

    private static Optional<EngineProfile> profile(Fields f) {
        if (SeccompReader.isNone(f)) {
            return Optional.empty();
        }
        List<Architecture> architectures = SeccompReader.architectures(f, "architectures");
        Map<Architecture, List<Architecture>> map = archMap(f);
        if (!architectures.isEmpty() && !map.isEmpty()) {
            throw Failure.invalid(
                    "archMap", "stands beside architectures", "remove one of the two");
        }
        return Optional.of(
                new EngineProfile(
                        SeccompReader.action(f, "defaultAction"),
                        errno(f, "defaultErrnoRet", "defaultErrno"),
                        architectures,
                        map,
                        SeccompReader.flags(f),
                        f.optionalString("listenerPath"),
                        f.optionalString("listenerMetadata"),
                        rules(f)));
    }

    /** Reads a profile of our own. */
    public static EngineProfile read(BundledProfile profile) {
        return profile.of(read(profile.json(), profile.word()).orElseThrow());
    }

    /** Of two entries for an architecture the first one counts, as in Docker. */
    private static Map<Architecture, List<Architecture>> archMap(Fields profile) {
        Map<Architecture, List<Architecture>> map = new LinkedHashMap<>();
        for (Fields f : profile.objects("archMap")) {
            map.putIfAbsent(
                    SeccompReader.architecture(f.path("architecture"), f.string("architecture")),
                    SeccompReader.architectures(f, "subArchitectures"));
        }
        return map;
    }

    private static List<EngineRule> rules(Fields profile) {
        List<EngineRule> rules = new ArrayList<>();
        for (Fields f : profile.objects("syscalls")) {
            rules.add(
                    new EngineRule(
                            new SyscallRule(
                                    names(f),
                                    SeccompReader.action(f, "action"),
                                    errno(f, "errnoRet", "errno"),
                                    SeccompReader.conditions(f)),
                            requirement(f.object("includes")),
                            requirement(f.object("excludes"))));
        }
        return rules;
    }

    /** Docker's first profiles have one name for each rule. */
    private static List<String> names(Fields rule) {
        List<String> names = rule.strings("names");
        Optional<String> name = rule.optionalString("name");
        if (name.isPresent() && !names.isEmpty()) {
            throw Failure.invalid(
                    rule.path("name"),
                    JsonTree.describe(name.get()) + " stands beside names",
                    "add it there and remove it here");
        }
        if (name.isEmpty() && names.isEmpty()) {
            throw Failure.invalid(rule.path("names"), "is empty", "name at least one system call");
        }
        return name.isPresent() ? List.of(name.get()) : names;
    }

    private static Requirement requirement(Fields f) {
        return new Requirement(f.strings("arches"), f.strings("caps"), minKernel(f));
    }

    private static Optional<KernelVersion> minKernel(Fields f) {
        Optional<String> text = f.optionalString("minKernel");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<KernelVersion> version = KernelVersion.parse(text.get());
        if (version.isEmpty()) {
            throw Failure.invalid(
                    f.path("minKernel"),
                    JsonTree.describe(text.get()) + " is not a kernel version",
                    "write two numbers, as in \"4.8\"");
        }
        return version;
    }

    /** Podman writes an error by name, and its number beside it for Docker. */
    private static OptionalInt errno(Fields f, String number, String name) {
        OptionalInt numeric = f.optionalInt(number, 0, Integer.MAX_VALUE);
        Optional<String> text = f.optionalString(name);
        if (text.isEmpty()) {
            return numeric;
        }
        int named = errno(f.path(name), text.get());
        if (numeric.orElse(named) != named) {
            throw Failure.invalid(
                    f.path(name),
                    JsonTree.describe(text.get())
                            + " is "
                            + named
                            + ", but "
                            + number
                            + " is "
                            + numeric.getAsInt(),
                    "remove one of the two");
        }
        return OptionalInt.of(named);
    }

    private static int errno(String field, String text) {
        for (Errno errno : Errno.values()) {
            if (errno.name().equals(text)) {
                return errno.number();
            }
        }
        if (text.matches("\\d{1,9}")) {
            return Integer.parseInt(text);
        }
        throw Failure.invalid(
                field,
                JsonTree.describe(text) + " is not an error",
                "write a name, as in \"EPERM\"");
    }
}
