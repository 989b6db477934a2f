// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup;

import io.jrunc.json.JsonText;
import io.jrunc.spec.json.Fields;
import java.util.Optional;

/**
 * The unit that systemd makes for a container: a transient scope, or a slice. systemd.scope(5),
 * systemd.slice(5).
 *
 * @param slice that it is in, {@code -.slice} for the root
 * @param name for example {@code jrunc-web1.scope}
 * @param bus where the systemd in question answers, a D-Bus address
 */
public record SystemdUnit(String slice, String name, String bus) {
    private static final String SLICE = ".slice";
    private static final String DEFAULT_PREFIX = "jrunc";

    /**
     * Returns the unit that {@code linux.cgroupsPath} asks for.
     *
     * @param cgroupsPath {@code slice:prefix:name}, of which slice and prefix may be empty; absent:
     *     a scope in the manager's default slice, named after the container
     */
    static SystemdUnit of(Optional<String> cgroupsPath, String id, SystemdManager manager) {
        String[] parts = {"", DEFAULT_PREFIX, id};
        if (!cgroupsPath.orElse("").isEmpty()) {
            parts = cgroupsPath.get().split(":", -1);
        }
        String slice = parts[0].isEmpty() ? manager.defaultSlice() : parts[0];
        if (slice.equals("-")) {
            slice = "-" + SLICE;
        }
        String name = parts[2];
        if (!name.endsWith(SLICE)) {
            name = (parts[1].isEmpty() ? name : parts[1] + "-" + name) + ".scope";
        }
        return new SystemdUnit(slice, name, manager.bus());
    }

    /**
     * Returns whether systemd watches the unit's cgroup in a hierarchy for the end of its last
     * process. systemd then removes the cgroup; if another process removes it first, systemd may
     * never notice the end, and the unit stays.
     *
     * @param key a v1 controller, or "" for v2
     */
    public static boolean watches(String key) {
        return key.isEmpty() || key.equals("name=systemd");
    }

    /** Returns whether it is a slice, in which systemd puts no processes. */
    public boolean isSlice() {
        return name.endsWith(SLICE);
    }

    /** Returns what follows the unit's cgroup in {@code directory}, or "". */
    public String below(String directory) {
        int at = (directory + "/").indexOf("/" + name + "/");
        return at < 0 ? "" : directory.substring(at + 1 + name.length());
    }

    /**
     * Returns its cgroup below that of its manager: {@code a-b.slice} lies in {@code a.slice}, and
     * so does what is in it.
     */
    String path() {
        return isSlice() ? slicePath(name) : slicePath(slice) + "/" + name;
    }

    private static String slicePath(String slice) {
        StringBuilder path = new StringBuilder();
        if (!slice.equals("-" + SLICE)) {
            String base = slice.substring(0, slice.length() - SLICE.length());
            for (int dash = base.indexOf('-'); dash >= 0; dash = base.indexOf('-', dash + 1)) {
                path.append('/').append(base, 0, dash).append(SLICE);
            }
            path.append('/').append(slice);
        }
        return path.toString();
    }

    /** Adds it to a state document. */
    public void writeTo(JsonText json) {
        json.string("systemd_slice", slice);
        json.string("systemd_unit", name);
        json.string("systemd_bus", bus);
    }

    /** Returns the unit in a state document; absent if there is none. */
    public static Optional<SystemdUnit> readFrom(Fields fields) {
        return fields.optionalString("systemd_unit")
                .map(
                        name ->
                                new SystemdUnit(
                                        fields.string("systemd_slice"),
                                        name,
                                        fields.string("systemd_bus")));
    }
}
