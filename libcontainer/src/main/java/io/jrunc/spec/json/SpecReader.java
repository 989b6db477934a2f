// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.json;

import io.jrunc.linux.Failure;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.spec.Capabilities;
import io.jrunc.spec.ConsoleSize;
import io.jrunc.spec.ExecCpuAffinity;
import io.jrunc.spec.Hook;
import io.jrunc.spec.Hooks;
import io.jrunc.spec.IoPriority;
import io.jrunc.spec.IoPriorityClass;
import io.jrunc.spec.Mount;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Ranges;
import io.jrunc.spec.Resources;
import io.jrunc.spec.Rlimit;
import io.jrunc.spec.RlimitType;
import io.jrunc.spec.Root;
import io.jrunc.spec.Scheduler;
import io.jrunc.spec.SchedulerFlag;
import io.jrunc.spec.SchedulerPolicy;
import io.jrunc.spec.Spec;
import io.jrunc.spec.User;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads {@code config.json} and the two of its parts that commands accept alone. Unknown properties
 * are ignored, unknown values are failures. Source: runtime-spec config.md#extensibility,
 * config.md#valid-values.
 */
public final class SpecReader {
    private static final List<String> FOREIGN =
            List.of("solaris", "windows", "vm", "zos", "freebsd");

    private SpecReader() {}

    /** Reads a whole {@code config.json}. */
    public static Spec read(byte[] json) {
        return read(json, warning -> {});
    }

    /**
     * As {@link #read(byte[])}.
     *
     * @param warnings receives a line for each property that is ignored for a letter's case
     */
    public static Spec read(byte[] json, Consumer<String> warnings) {
        Fields f = Fields.parse(json, "config.json");
        Spec spec = spec(f);
        f.wrongCase().forEach(line -> warnings.accept(line + ", ignoring"));
        return spec;
    }

    private static Spec spec(Fields f) {
        return new Spec(
                f.stringOrEmpty("ociVersion"),
                f.has("root") ? Optional.of(root(f.object("root"))) : Optional.empty(),
                f.has("process") ? Optional.of(process(f.object("process"))) : Optional.empty(),
                f.optionalString("hostname"),
                f.optionalString("domainname"),
                mounts(f),
                hooks(f.object("hooks")),
                f.stringMap("annotations"),
                LinuxReader.linux(f.object("linux")),
                foreign(f));
    }

    /**
     * Reads an object like {@code process} of {@code config.json}, as {@code exec --process} takes.
     *
     * @param file names the document in messages
     */
    public static ProcessSpec readProcess(byte[] json, String file) {
        return readProcess(json, file, warning -> {});
    }

    /**
     * As the other.
     *
     * @param warnings receives a line for each property that is ignored for a letter's case
     */
    public static ProcessSpec readProcess(byte[] json, String file, Consumer<String> warnings) {
        Fields f = Fields.parse(json, file, "process");
        ProcessSpec process = process(f);
        f.wrongCase().forEach(line -> warnings.accept(line + ", ignoring"));
        return process;
    }

    /**
     * Reads an object like {@code linux.resources} of {@code config.json}, as {@code update
     * --resources} takes.
     *
     * @param file names the document in messages
     */
    public static Resources readResources(byte[] json, String file) {
        return readResources(json, file, warning -> {});
    }

    /**
     * As the other.
     *
     * @param warnings receives a line for each property that is ignored for a letter's case
     */
    public static Resources readResources(byte[] json, String file, Consumer<String> warnings) {
        Fields f = Fields.parse(json, file, "linux.resources");
        Resources resources = ResourcesReader.resources(f);
        f.wrongCase().forEach(line -> warnings.accept(line + ", ignoring"));
        return resources;
    }

    /**
     * Reads an object like {@code linux.seccomp}; empty if it neither decides nor has rules.
     *
     * @param file names the document in messages
     */
    public static Optional<Seccomp> readSeccomp(byte[] json, String file) {
        return SeccompReader.seccomp(Fields.parse(json, file, "linux.seccomp"));
    }

    private static List<String> foreign(Fields f) {
        List<String> present = new ArrayList<>(0);
        for (String section : FOREIGN) {
            if (f.has(section)) {
                present.add(section);
            }
        }
        return present;
    }

    private static Root root(Fields f) {
        return new Root(f.string("path"), f.bool("readonly"));
    }

    private static ProcessSpec process(Fields f) {
        return new ProcessSpec.Builder()
                .terminal(f.bool("terminal"))
                .consoleSize(
                        f.has("consoleSize")
                                ? Optional.of(consoleSize(f.object("consoleSize")))
                                : Optional.empty())
                .user(user(f.object("user")))
                .args(f.strings("args"))
                .env(f.strings("env"))
                .cwd(f.stringOrEmpty("cwd"))
                .capabilities(
                        f.has("capabilities")
                                ? Optional.of(capabilities(f.object("capabilities")))
                                : Optional.empty())
                .rlimits(rlimits(f))
                .noNewPrivileges(f.bool("noNewPrivileges"))
                .apparmorProfile(f.optionalString("apparmorProfile"))
                .oomScoreAdj(f.optionalInt("oomScoreAdj", -1000, 1000))
                .scheduler(
                        f.has("scheduler")
                                ? Optional.of(scheduler(f.object("scheduler")))
                                : Optional.empty())
                .selinuxLabel(f.optionalString("selinuxLabel"))
                .ioPriority(
                        f.has("ioPriority")
                                ? Optional.of(ioPriority(f.object("ioPriority")))
                                : Optional.empty())
                .execCpuAffinity(
                        f.has("execCPUAffinity")
                                ? Optional.of(affinity(f.object("execCPUAffinity")))
                                : Optional.empty())
                .build();
    }

    private static ConsoleSize consoleSize(Fields f) {
        return new ConsoleSize(
                (int) f.integer("height", 0, ConsoleSize.MAX),
                (int) f.integer("width", 0, ConsoleSize.MAX));
    }

    private static User user(Fields f) {
        return new User(
                f.optionalLong("uid", 0, Ranges.UINT32_MAX).orElse(0),
                f.optionalLong("gid", 0, Ranges.UINT32_MAX).orElse(0),
                f.optionalInt("umask", 0, User.UMASK_MAX),
                f.integers("additionalGids", 0, Ranges.UINT32_MAX));
    }

    private static Capabilities capabilities(Fields f) {
        return new Capabilities(
                f.optionalStrings("bounding"),
                f.optionalStrings("effective"),
                f.optionalStrings("inheritable"),
                f.optionalStrings("permitted"),
                f.optionalStrings("ambient"));
    }

    private static List<Rlimit> rlimits(Fields process) {
        List<Rlimit> rlimits = new ArrayList<>();
        for (Fields f : process.objects("rlimits")) {
            rlimits.add(
                    new Rlimit(
                            f.word("type", RlimitType.values(), "an rlimit"),
                            f.unsigned("soft"),
                            f.unsigned("hard")));
        }
        return rlimits;
    }

    private static Scheduler scheduler(Fields f) {
        return new Scheduler(
                f.word("policy", SchedulerPolicy.values(), "a scheduling policy"),
                f.optionalInt("nice", Scheduler.NICE_MIN, Scheduler.NICE_MAX),
                f.optionalInt("priority", Integer.MIN_VALUE, Integer.MAX_VALUE),
                f.words("flags", SchedulerFlag.values(), "a scheduling flag"),
                f.optionalUnsigned("runtime"),
                f.optionalUnsigned("deadline"),
                f.optionalUnsigned("period"));
    }

    private static IoPriority ioPriority(Fields f) {
        return new IoPriority(
                f.word("class", IoPriorityClass.values(), "an I/O scheduling class"),
                f.optionalInt("priority", 0, IoPriority.MAX).orElse(0));
    }

    private static ExecCpuAffinity affinity(Fields f) {
        return new ExecCpuAffinity(f.optionalString("initial"), f.optionalString("final"));
    }

    /**
     * Reads mounts like those of {@code config.json}: a list, an object with {@code mounts}, or a
     * single mount. Source: crun(1), "mounts add".
     *
     * @param file names the document in messages
     * @param warnings receives a line for each property that is ignored for a letter's case
     */
    public static List<Mount> readMounts(byte[] json, String file, Consumer<String> warnings) {
        String text = new String(json, StandardCharsets.UTF_8).strip();
        byte[] document =
                text.startsWith("[")
                        ? ("{\"mounts\":" + text + "}").getBytes(StandardCharsets.UTF_8)
                        : json;
        Fields f = Fields.parse(document, file);
        boolean single = f.has("destination") && !f.has("mounts");
        List<Mount> mounts = single ? List.of(mount(f)) : mounts(f);
        f.wrongCase().forEach(line -> warnings.accept(line + ", ignoring"));
        if (mounts.isEmpty()) {
            throw Failure.invalid(
                    file, "names no mounts", "write [{\"destination\": \"/data\", …}]");
        }
        return mounts;
    }

    private static List<Mount> mounts(Fields spec) {
        List<Mount> mounts = new ArrayList<>();
        for (Fields f : spec.objects("mounts")) {
            mounts.add(mount(f));
        }
        return mounts;
    }

    private static Mount mount(Fields f) {
        return new Mount(
                f.string("destination"),
                f.optionalString("type"),
                f.optionalString("source"),
                f.strings("options"),
                LinuxReader.idMappings(f, "uidMappings"),
                LinuxReader.idMappings(f, "gidMappings"));
    }

    private static Hooks hooks(Fields f) {
        return f.names().isEmpty()
                ? Hooks.NONE
                : new Hooks(
                        hooks(f, "prestart"),
                        hooks(f, "createRuntime"),
                        hooks(f, "createContainer"),
                        hooks(f, "startContainer"),
                        hooks(f, "poststart"),
                        hooks(f, "poststop"));
    }

    private static List<Hook> hooks(Fields hooks, String name) {
        List<Hook> list = new ArrayList<>();
        for (Fields f : hooks.objects(name)) {
            list.add(
                    new Hook(
                            f.string("path"),
                            f.strings("args"),
                            f.optionalStrings("env"),
                            f.optionalInt("timeout", Integer.MIN_VALUE, Integer.MAX_VALUE)));
        }
        return list;
    }
}
