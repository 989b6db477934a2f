// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.cgroup.CgroupManager;
import io.jrunc.cgroup.systemd.HostSystemd;
import io.jrunc.cli.launcher.Launcher;
import io.jrunc.cli.launcher.Request;
import io.jrunc.cli.output.DebugWatcher;
import io.jrunc.cli.output.Log;
import io.jrunc.container.Containers;
import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.container.model.GuardedAnnotations;
import io.jrunc.container.model.OwnUserNamespace;
import io.jrunc.host.Host;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.compile.FilterCompiler;
import java.util.List;

/** What a command works with. */
public record Context(
        Kernel kernel, Request request, Launcher launcher, GlobalOptions options, Log log) {

    /** Prints to the caller's standard output. */
    public void print(String text) {
        log.print(request.out(), text);
    }

    /** Reads a file that the caller names. */
    public byte[] read(String path) {
        try (Fd file = launcher.open(path, OpenFlag.RDONLY, OpenFlag.NOCTTY)) {
            return kernel.files().readAll(file);
        }
    }

    /** Replaces a file atomically, keeping its permissions: readers see the old or the new one. */
    void replace(String path, byte[] content) {
        Files files = kernel.files();
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        String draft = "." + name + ".new";
        try (Fd directory = files.open(path.substring(0, slash + 1), OpenFlag.DIRECTORY)) {
            Stat old = files.statAt(directory, name);
            if (!old.isRegularFile()) {
                throw Failure.of(
                        Failure.Code.HOST, path + " is no plain file; name the file itself");
            }
            kernel.directories().unlink(directory, draft).tolerate(Errno.ENOENT).submit();
            try (Fd file = files.create(directory, draft, 0600, OpenFlag.WRONLY)) {
                files.writeAll(file, content);
                files.chown(file, old.uid(), old.gid()).submit().result();
                files.chmodAt(directory, draft, old.permissions());
                kernel.directories().rename(directory, draft, name);
            } catch (RuntimeException e) {
                kernel.directories().unlink(directory, draft).tolerateAll().submit();
                throw e;
            }
        }
    }

    /** Returns the receiver of each step: the log, at the debug level. */
    CreateOptions.Watcher watcher() {
        return log.isDebug() ? new DebugWatcher(log) : CreateOptions.UNWATCHED;
    }

    /** Returns the containers below the state directory. */
    public Containers containers() {
        return new Containers(kernel, options.root(), launcher, log::warn);
    }

    /** This host. */
    Host host() {
        return Host.read(options.cgroupManager().equals("systemd"), launcher.cgroups());
    }

    /** Reads the bundle in {@code directory} and reports what is odd about it. */
    Bundle bundle(String directory, String config, Host host) {
        String clean = launcher.directory(directory.isEmpty() ? "." : directory);
        byte[] document = document(clean, config);
        if (Host.effectiveUid() != 0) {
            document = OwnUserNamespace.addedTo(document);
        }
        Bundle bundle = Bundle.of(clean, document, host.facts()).heeding(launcher);
        for (String warning : bundle.warnings()) {
            log.warn(warning);
        }
        if (!bundle.spec().annotations().isEmpty()) {
            new GuardedAnnotations(bundle.spec().annotations(), launcher)
                    .warnings()
                    .forEach(log::warn);
        }
        List<String> foreign = bundle.spec().ignoredSections();
        if (!foreign.isEmpty()) {
            log.debug(String.join(", ", foreign) + ": for other platforms than Linux, ignoring");
        }
        if (log.isDebug() && bundle.spec().linux().seccomp().isPresent()) {
            tellOfUnknownCalls(bundle.spec().linux().seccomp().get());
        }
        return bundle;
    }

    /** Reads a specification: a file below the bundle, or one that the caller names. */
    byte[] document(String directory, String config) {
        if (!config.startsWith("/")) {
            return Bundle.document(kernel, directory, config);
        }
        try {
            return read(config);
        } catch (Failure f) {
            throw f.is(Errno.ENOENT) ? Bundle.missing(config, config) : f;
        }
    }

    private void tellOfUnknownCalls(Seccomp profile) {
        for (String name :
                FilterCompiler.compile(profile, Architecture.ofThisMachine()).unknownNames()) {
            log.debug("linux.seccomp.syscalls: unknown system call " + name + ", ignoring");
        }
    }

    /** Returns what decides where containers' cgroups are. */
    CgroupManager cgroups(Host host) {
        boolean inside = Host.isInUserNamespace();
        return switch (options.cgroupManager()) {
            case "systemd" ->
                    CgroupManager.systemd(
                            inside,
                            HostSystemd.manager(
                                    Host.isPrivileged(), host.hierarchies(), request::variable));
            case "disabled" -> CgroupManager.disabled();
            default -> CgroupManager.cgroupfs(inside, options.isRootless(inside));
        };
    }
}
