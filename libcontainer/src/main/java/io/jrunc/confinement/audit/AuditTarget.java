// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import io.jrunc.linux.AbsolutePath;
import io.jrunc.spec.Capabilities;
import io.jrunc.spec.IdMapping;
import io.jrunc.spec.Linux;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Resources;
import io.jrunc.spec.Spec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is judged.
 *
 * @param bundle the directory that relative paths of the document start from, absolute
 * @param limits of its cgroups; those of the document, unless they were changed since
 * @param host what of the host matters
 * @param process the kernel's status of the container's init; absent: it does not run
 */
public record AuditTarget(
        Spec spec,
        String bundle,
        Resources limits,
        HostSecurity host,
        Optional<ProcessStatus> process) {
    private static final long UID_ROOT = 0;

    /** Returns a bundle of which there is no container yet. */
    public static AuditTarget ofBundle(Spec spec, String bundle, HostSecurity host) {
        Resources limits = spec.linux().resources();
        return new AuditTarget(spec, bundle, limits, host, Optional.empty());
    }

    Linux linux() {
        return spec.linux();
    }

    Finding finding(FindingType type, String field, String problem) {
        Severity severity =
                hasUserNamespace() && !mapsHostRoot() ? type.inUserNamespace() : type.severity();
        return new Finding(type, severity, field, problem, Optional.empty());
    }

    boolean hasUserNamespace() {
        return linux().namespace(NamespaceType.USER).isPresent();
    }

    /**
     * Returns whether an id inside is the host's root; unknown, and so false, for a joined
     * namespace.
     */
    boolean mapsHostRoot() {
        return linux().uidMappings().stream().anyMatch(AuditTarget::startsAtRoot)
                || linux().gidMappings().stream().anyMatch(AuditTarget::startsAtRoot);
    }

    private static boolean startsAtRoot(IdMapping mapping) {
        return mapping.hostId() == UID_ROOT;
    }

    /** Returns whether the program begins as root of the host, or can do as root does. */
    boolean isRoot() {
        return spec.process().isEmpty() || spec.process().get().user().uid() == UID_ROOT;
    }

    /** Returns the capabilities that the program has or can get, in all sets. */
    Set<String> capabilities() {
        Set<String> all = new TreeSet<>();
        Optional<Capabilities> sets = spec.process().flatMap(ProcessSpec::capabilities);
        sets.ifPresent(
                c ->
                        Stream.of(
                                        c.bounding(),
                                        c.effective(),
                                        c.permitted(),
                                        c.inheritable(),
                                        c.ambient())
                                .forEach(set -> all.addAll(set.orElse(List.of()))));
        return all;
    }

    /** Without the object, all sets stay what the runtime's are: full, for root. */
    boolean hasAllCapabilities() {
        return spec.process().isPresent() && spec.process().get().capabilities().isEmpty();
    }

    boolean hasCapability(String name) {
        return hasAllCapabilities() || capabilities().contains(name);
    }

    /**
     * Returns a path on the host as the document means it, without ".", ".." and double slashes.
     */
    String hostPath(String path) {
        String absolute = path.startsWith("/") ? path : bundle + "/" + path;
        return AbsolutePath.clean(absolute);
    }
}
