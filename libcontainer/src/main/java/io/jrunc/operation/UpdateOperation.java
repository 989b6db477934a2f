// SPDX-License-Identifier: Apache-2.0
package io.jrunc.operation;

import io.jrunc.cgroup.Freezer;
import io.jrunc.cgroup.SystemdUnit;
import io.jrunc.cgroup.UpdateCgroups;
import io.jrunc.cgroup.systemd.SystemdUnits;
import io.jrunc.host.Host;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Kernel;
import io.jrunc.spec.Resources;
import io.jrunc.spec.json.SpecReader;
import io.jrunc.spec.json.SpecWriter;
import io.jrunc.state.StateDirectory;
import io.jrunc.state.StoredSpec;
import io.jrunc.validate.Validator;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Changes the limits of a container, and remembers them.
 *
 * @param cgroups directories by v1 controller, "" for v2
 * @param unit that systemd limits as well
 * @param warnings receives what goes wrong and does not stop the change
 */
public record UpdateOperation(
        Kernel kernel,
        StateDirectory directory,
        Map<String, String> cgroups,
        Optional<SystemdUnit> unit,
        Consumer<String> warnings) {
    /** Changes what {@code wanted} names; if the kernel refuses some of it, all is as before. */
    public void apply(Resources wanted, Host host) {
        Resources now = current();
        Resources changed = now.changedBy(wanted, UpdateCgroups.files(wanted));
        Validator.check(changed, host.facts()).forEach(warnings);
        UpdateCgroups update = new UpdateCgroups(kernel, host.hierarchies(), there());
        update.check(changed);
        // Kubernetes sends the rules with which the container was created; rules that another
        // process, such as a hook, has added to the cgroup since must stay in force.
        boolean devices = !wanted.devices().isEmpty() && !wanted.devices().equals(now.devices());
        boolean v2 = host.hierarchies().isPureV2();
        // Both systemd and a change to or from "all devices" deny everything for a moment.
        boolean still = !v2 && (devices || unit.isPresent()) && stop();
        try {
            apply(update, changed, devices, v2);
        } catch (Failure f) {
            restore(update, now, devices, v2);
            throw f;
        } finally {
            if (still) {
                freezer().thaw();
            }
        }
        byte[] json = SpecWriter.compact(changed).getBytes(StandardCharsets.UTF_8);
        directory.write(StateDirectory.RESOURCES, json);
    }

    /** Returns whether the processes are stopped that were not. */
    private boolean stop() {
        if (freezer().isFrozen()) {
            return false;
        }
        try {
            freezer().freeze();
            return true;
        } catch (Failure f) {
            warnings.accept(f.getMessage() + ", changing the limits while they run");
            return false;
        }
    }

    private Freezer freezer() {
        return new Freezer(kernel, cgroups);
    }

    /** The files last: they can say more than systemd, and what it says is written to them. */
    private void apply(UpdateCgroups update, Resources limits, boolean devices, boolean v2) {
        unit.ifPresent(one -> SystemdUnits.update(one, limits, devices, v2));
        update.apply(limits, devices);
    }

    private void restore(UpdateCgroups update, Resources before, boolean devices, boolean v2) {
        try {
            apply(update, before, devices, v2);
        } catch (Failure second) {
            warnings.accept("going back to the limits before the update: " + second.getMessage());
        }
    }

    /** The limits that were set last; of which the record is damaged, those that create set. */
    public Resources current() {
        Optional<byte[]> json = directory.read(StateDirectory.RESOURCES);
        try {
            if (json.isPresent()) {
                return SpecReader.readResources(json.get(), StateDirectory.RESOURCES);
            }
        } catch (Failure f) {
            warnings.accept(f.getMessage() + ", falling back to the limits in config.json");
        }
        return SpecReader.read(StoredSpec.config(directory)).linux().resources();
    }

    /** A rootless caller may have had to do without some. */
    private Map<String, String> there() {
        Map<String, String> there = new LinkedHashMap<>(cgroups);
        there.values().removeIf(directory -> !kernel.files().exists(directory));
        return there;
    }
}
