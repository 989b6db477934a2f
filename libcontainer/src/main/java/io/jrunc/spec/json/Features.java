// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.json;

import io.jrunc.json.JsonText;
import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.FilterFlag;
import io.jrunc.seccomp.Operator;
import io.jrunc.spec.CapabilityNames;
import io.jrunc.spec.Copies;
import io.jrunc.spec.CrunAnnotations;
import io.jrunc.spec.Hooks;
import io.jrunc.spec.MemoryPolicyFlag;
import io.jrunc.spec.MemoryPolicyMode;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The features document: what this runtime knows, whatever the host can do. Source: runtime-spec
 * features.md, features-linux.md.
 *
 * @param hooks names of the hooks
 * @param mountOptions options that are not for the filesystem, sorted
 * @param annotations facts that the specification has no field for
 * @param unsafeAnnotations annotations of {@code config.json} that change what the runtime does; a
 *     full stop at the end marks a prefix
 */
public record Features(
        String ociVersionMin,
        String ociVersionMax,
        List<String> hooks,
        List<String> mountOptions,
        FeaturesLinux linux,
        Map<String, String> annotations,
        List<String> unsafeAnnotations) {
    private static final String OCI_VERSION_MIN = "1.0.0";

    public Features {
        hooks = List.copyOf(hooks);
        mountOptions = List.copyOf(mountOptions);
        annotations = Copies.map(annotations);
        unsafeAnnotations = List.copyOf(unsafeAnnotations);
    }

    /**
     * Returns what jrunc of this version knows.
     *
     * @param mountOptions the names of {@code rootfs.MountOptions}, which stands above this package
     */
    public static Features ofJrunc(String version, List<String> mountOptions) {
        return new Features(
                OCI_VERSION_MIN,
                Spec.VERSION,
                Hooks.NAMES,
                mountOptions,
                FeaturesLinux.ofJrunc(),
                facts(version),
                heededAnnotations());
    }

    private static Map<String, String> facts(String version) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("io.jrunc.version", version);
        // The name of runc's: engines look for it.
        facts.put("org.opencontainers.runc.checkpoint.enabled", "true");
        return facts;
    }

    private static List<String> heededAnnotations() {
        List<String> names = new ArrayList<>(List.of("org.criu.config", "org.systemd.property."));
        names.addAll(CrunAnnotations.ALL);
        return names;
    }

    /** Returns the document: four blanks of indentation and a newline at the end. */
    public String pretty() {
        JsonText json = JsonText.indented("    ");
        json.beginObject();
        json.string("ociVersionMin", ociVersionMin);
        json.string("ociVersionMax", ociVersionMax);
        json.strings("hooks", hooks);
        json.strings("mountOptions", mountOptions);
        linux.writeTo(json);
        json.map("annotations", annotations);
        json.strings("potentiallyUnsafeConfigAnnotations", unsafeAnnotations);
        json.endObject();
        return json + "\n";
    }

    /**
     * The part {@code linux}.
     *
     * @param namespaces their types
     * @param capabilities their names, in the order of their numbers
     * @param cgroup what of cgroups is known
     * @param seccomp what of seccomp is known
     * @param memoryPolicyModes names for {@code linux.memoryPolicy}
     * @param memoryPolicyFlags names for {@code linux.memoryPolicy}
     * @param apparmor whether profiles are set
     * @param selinux whether labels are set
     * @param intelRdt whether resctrl groups are used
     * @param idmap whether mounts can be idmapped
     * @param netDevices whether network devices can be moved
     */
    public record FeaturesLinux(
            List<String> namespaces,
            List<String> capabilities,
            FeaturesCgroup cgroup,
            FeaturesSeccomp seccomp,
            List<String> memoryPolicyModes,
            List<String> memoryPolicyFlags,
            boolean apparmor,
            boolean selinux,
            boolean intelRdt,
            boolean idmap,
            boolean netDevices) {
        public FeaturesLinux {
            namespaces = List.copyOf(namespaces);
            capabilities = List.copyOf(capabilities);
            memoryPolicyModes = List.copyOf(memoryPolicyModes);
            memoryPolicyFlags = List.copyOf(memoryPolicyFlags);
        }

        private static FeaturesLinux ofJrunc() {
            return new FeaturesLinux(
                    LinuxWriter.names(List.of(NamespaceType.values())),
                    CapabilityNames.ALL,
                    new FeaturesCgroup(true, true, true, true, true),
                    FeaturesSeccomp.ofJrunc(),
                    LinuxWriter.names(List.of(MemoryPolicyMode.values())),
                    LinuxWriter.names(List.of(MemoryPolicyFlag.values())),
                    true,
                    true,
                    true,
                    true,
                    true);
        }

        private void writeTo(JsonText json) {
            json.beginObject("linux");
            json.strings("namespaces", namespaces);
            json.strings("capabilities", capabilities);
            cgroup.writeTo(json);
            seccomp.writeTo(json);
            enabled(json, "apparmor", apparmor);
            enabled(json, "selinux", selinux);
            json.beginObject("intelRdt");
            json.bool("enabled", intelRdt);
            json.bool("schemata", intelRdt);
            json.bool("monitoring", intelRdt);
            json.endObject();
            json.beginObject("memoryPolicy");
            json.strings("modes", memoryPolicyModes);
            json.strings("flags", memoryPolicyFlags);
            json.endObject();
            json.beginObject("mountExtensions");
            enabled(json, "idmap", idmap);
            json.endObject();
            enabled(json, "netDevices", netDevices);
            json.endObject();
        }

        private static void enabled(JsonText json, String name, boolean enabled) {
            json.beginObject(name);
            json.bool("enabled", enabled);
            json.endObject();
        }
    }

    /** Which hierarchies, drivers and controllers are known. */
    public record FeaturesCgroup(
            boolean v1, boolean v2, boolean systemd, boolean systemdUser, boolean rdma) {
        private void writeTo(JsonText json) {
            json.beginObject("cgroup");
            json.bool("v1", v1);
            json.bool("v2", v2);
            json.bool("systemd", systemd);
            json.bool("systemdUser", systemdUser);
            json.bool("rdma", rdma);
            json.endObject();
        }
    }

    /** The words of {@code linux.seccomp} that are known. */
    public record FeaturesSeccomp(
            List<String> actions,
            List<String> operators,
            List<String> architectures,
            List<String> flags) {
        public FeaturesSeccomp {
            actions = List.copyOf(actions);
            operators = List.copyOf(operators);
            architectures = List.copyOf(architectures);
            flags = List.copyOf(flags);
        }

        private static FeaturesSeccomp ofJrunc() {
            List<String> actions = new ArrayList<>();
            for (Action action : Action.values()) {
                actions.add(action.specName());
            }
            List<String> operators = new ArrayList<>();
            for (Operator operator : Operator.values()) {
                operators.add(operator.specName());
            }
            List<String> architectures = new ArrayList<>();
            for (Architecture architecture : Architecture.values()) {
                architectures.add(architecture.specName());
            }
            List<String> flags = new ArrayList<>();
            for (FilterFlag flag : FilterFlag.values()) {
                flags.add(flag.specName());
            }
            return new FeaturesSeccomp(actions, operators, architectures, flags);
        }

        private void writeTo(JsonText json) {
            json.beginObject("seccomp");
            json.bool("enabled", true);
            json.strings("actions", actions);
            json.strings("operators", operators);
            json.strings("archs", architectures);
            json.strings("knownFlags", flags);
            json.strings("supportedFlags", flags);
            json.endObject();
        }
    }
}
