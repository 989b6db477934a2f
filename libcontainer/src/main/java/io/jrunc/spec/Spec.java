// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.profile.EngineProfile;
import io.jrunc.seccomp.profile.ProfileContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code config.json}: what a container is to be. Source: runtime-spec config.md.
 *
 * @param ociVersion the version of the specification that the document follows; empty if absent
 * @param root the root filesystem; required on Linux
 * @param process what to run; absent is legal until {@code start}
 * @param hostname needs an UTS namespace; absent keeps the namespace's name
 * @param domainname the NIS domain name; needs an UTS namespace; absent keeps the namespace's name
 * @param mounts made in this order
 * @param hooks programs to run at points of the life cycle
 * @param annotations free text for people and tools, in the order of the document
 * @param linux what only Linux knows
 * @param ignoredSections names of sections for other platforms that were present: {@code windows},
 *     {@code solaris}, {@code vm}, {@code zos}, {@code freebsd}
 */
public record Spec(
        String ociVersion,
        Optional<Root> root,
        Optional<ProcessSpec> process,
        Optional<String> hostname,
        Optional<String> domainname,
        List<Mount> mounts,
        Hooks hooks,
        Map<String, String> annotations,
        Linux linux,
        List<String> ignoredSections) {
    /** The version of the specification that these records follow. */
    public static final String VERSION = "1.3.0";

    public Spec {
        mounts = List.copyOf(mounts);
        annotations = Copies.map(annotations);
        ignoredSections = List.copyOf(ignoredSections);
    }

    /**
     * Returns the same with SELinux contexts for its process, if there is one, and for its mounts.
     */
    public Spec withSelinuxContexts(String forProcess, String forMounts) {
        return with(
                process.map(one -> one.withSelinuxLabel(forProcess)),
                mounts,
                linux.withMountLabel(forMounts));
    }

    /**
     * Returns the same with a filter of system calls, resolved for the bounding set of the process.
     */
    @SuppressWarnings("exports") // for the command line
    public Spec withSeccomp(EngineProfile profile) {
        List<String> bounding =
                process.flatMap(ProcessSpec::capabilities)
                        .flatMap(Capabilities::bounding)
                        .orElse(List.of());
        return withSeccomp(profile.resolve(ProfileContext.here(bounding)).filter());
    }

    /** Returns the same with this filter of system calls. */
    public Spec withSeccomp(Seccomp filter) {
        return with(process, mounts, linux.withSeccomp(filter));
    }

    /** Returns the same with another process. */
    public Spec withProcess(ProcessSpec other) {
        return with(Optional.of(other), mounts, linux);
    }

    /** Returns the same with other mounts. */
    public Spec withMounts(List<Mount> others) {
        return with(process, others, linux);
    }

    /** Returns the same with another process, and a mount more after the others. */
    public Spec with(ProcessSpec other, Mount last) {
        List<Mount> all = new ArrayList<>(mounts);
        all.add(last);
        return with(Optional.of(other), all, linux);
    }

    private Spec with(Optional<ProcessSpec> otherProcess, List<Mount> others, Linux otherLinux) {
        return new Spec(
                ociVersion,
                root,
                otherProcess,
                hostname,
                domainname,
                others,
                hooks,
                annotations,
                otherLinux,
                ignoredSections);
    }

    /** Makes one from named parts; what is not named is as in the one that it begins with. */
    public static final class Builder {
        private Optional<Root> root;
        private Optional<ProcessSpec> process;
        private Optional<String> hostname;
        private List<Mount> mounts;
        private Hooks hooks;
        private Map<String, String> annotations;
        private Linux linux;
        private final Spec start;

        /** Begins with the parts of {@code spec}, such as a template. */
        public Builder(Spec spec) {
            this.start = spec;
            this.root = spec.root;
            this.process = spec.process;
            this.hostname = spec.hostname;
            this.mounts = spec.mounts;
            this.hooks = spec.hooks;
            this.annotations = spec.annotations;
            this.linux = spec.linux;
        }

        public Builder root(Root part) {
            this.root = Optional.of(part);
            return this;
        }

        public Builder process(ProcessSpec part) {
            this.process = Optional.of(part);
            return this;
        }

        public Builder hostname(String name) {
            this.hostname = Optional.of(name);
            return this;
        }

        public Builder mounts(List<Mount> parts) {
            this.mounts = parts;
            return this;
        }

        public Builder hooks(Hooks parts) {
            this.hooks = parts;
            return this;
        }

        public Builder annotations(Map<String, String> parts) {
            this.annotations = parts;
            return this;
        }

        public Builder linux(Linux part) {
            this.linux = part;
            return this;
        }

        /** Sets the limits of the Linux section. */
        public Builder resources(Resources limits) {
            return linux(new Linux.Builder(linux).resources(limits).build());
        }

        /** Sets the program and its arguments; the rest of the process stays. */
        public Builder args(List<String> args) {
            ProcessSpec.Builder same =
                    process.isPresent()
                            ? new ProcessSpec.Builder(process.get())
                            : new ProcessSpec.Builder().cwd("/");
            return process(same.args(args).build());
        }

        public Spec build() {
            return new Spec(
                    start.ociVersion,
                    root,
                    process,
                    hostname,
                    start.domainname,
                    mounts,
                    hooks,
                    annotations,
                    linux,
                    start.ignoredSections);
        }
    }
}
