// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cgroup.SettableControllers;
import io.jrunc.host.Host;
import io.jrunc.host.UnusedIds;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import io.jrunc.spec.IdMapping;
import io.jrunc.spec.Spec;
import io.jrunc.spec.json.SpecWriter;
import io.jrunc.spec.template.DefaultSpec;
import io.jrunc.spec.template.HardenedSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Writes a specification to begin with. */
public final class SpecCommand extends Command {
    /** The controllers whose limits a hardened container has, by their v1 names. */
    static final List<String> LIMITED = List.of("memory", "pids", "cpu");

    private static final int MODE = 0666;

    public SpecCommand() {
        super("spec", "Writes a config.json to begin with.");
    }

    @Override
    public void describe(Syntax syntax) {
        syntax.option("DIR", "the bundle to write it to", "-b", "--bundle");
        syntax.option("FILE", "the file to write, below the bundle", "-f", "--file");
        syntax.flag("for a user other than root", "--rootless");
        syntax.flag(
                "confined as far as an ordinary program can be: jrunc audit finds nothing",
                "--hardened");
        syntax.option(
                "default|strict|audit|FILE",
                "with a filter of system calls, resolved for the container's capabilities",
                "--seccomp");
        syntax.flag("with SELinux labels that no other container has", "--selinux");
    }

    @Override
    public int run(Context context, Arguments arguments) {
        Host host = context.host();
        String directory = context.launcher().directory(arguments.value("--bundle", "."));
        boolean rootless = arguments.has("--rootless");
        Spec spec =
                arguments.has("--hardened")
                        ? hardened(rootless, directory, host)
                        : DefaultSpec.create(
                                rootless,
                                Host.effectiveUid(),
                                Host.effectiveGid(),
                                host.facts().cgroupV2());
        if (arguments.has("--seccomp")) {
            String profile = arguments.value("--seccomp", "");
            spec = spec.withSeccomp(ProfileOptions.named(context, profile));
        }
        String name = arguments.value("--file", "config.json");
        Files files = context.kernel().files();
        String path = name.startsWith("/") ? name : directory + "/" + name;
        Optional<SelinuxLabels> labels =
                arguments.has("--selinux")
                        ? Optional.of(SelinuxLabels.on(host, context))
                        : Optional.empty();
        try (Fd file = create(files, path, name)) {
            // The file comes first: it is what the labels belong to.
            Spec written = labels.isEmpty() ? spec : labelled(files, path, spec, labels.get());
            files.writeAll(file, SpecWriter.pretty(written).getBytes(StandardCharsets.UTF_8));
        }
        return 0;
    }

    private static Fd create(Files files, String path, String name) {
        try {
            return files.create(files.here(), path, MODE, OpenFlag.WRONLY);
        } catch (Failure f) {
            throw f.is(Errno.EEXIST)
                    ? Failure.of(Failure.Code.EXISTS, "File " + name + " exists. Remove it first")
                    : f;
        }
    }

    private static Spec labelled(Files files, String path, Spec spec, SelinuxLabels labels) {
        try {
            return labels.addTo(spec, path);
        } catch (Failure f) {
            files.directories().unlink(files.here(), path).submit();
            throw f;
        }
    }

    /** With as many ids as the caller may map without help, and the limits that can be set here. */
    private static Spec hardened(boolean rootless, String directory, Host host) {
        boolean isPrivileged = Host.isPrivileged() && !rootless;
        long start = UnusedIds.startFor(directory);
        IdMapping many = new IdMapping(0, start, UnusedIds.COUNT);
        int uid = Host.effectiveUid();
        int gid = Host.effectiveGid();
        return new HardenedSpec(
                        List.of(isPrivileged ? many : rootIs(uid)),
                        List.of(isPrivileged ? many : rootIs(gid)),
                        SettableControllers.among(LIMITED, host.hierarchies()))
                .spec();
    }

    private static IdMapping rootIs(int id) {
        return new IdMapping(0, Integer.toUnsignedLong(id), 1);
    }
}
