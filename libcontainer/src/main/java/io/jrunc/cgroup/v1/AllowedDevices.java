// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v1;

import io.jrunc.linux.Failure;
import io.jrunc.spec.DeviceRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code devices.list} of a v1 cgroup says, or would say after some rules: kinds of access by
 * device. A rule about a device that no line is about changes nothing when it denies.
 */
final class AllowedDevices {
    private static final String EVERYTHING = "a *:*";
    private static final String ACCESSES = "rwm";

    private final Map<String, String> accesses = new TreeMap<>();

    private AllowedDevices() {}

    static AllowedDevices parse(String list) {
        AllowedDevices allowed = new AllowedDevices();
        for (String line : list.split("\n", -1)) {
            int blank = line.lastIndexOf(' ');
            if (blank > 0) {
                allowed.accesses.put(line.substring(0, blank), line.substring(blank + 1));
            }
        }
        return allowed;
    }

    static AllowedDevices of(List<DeviceRule> rules) {
        AllowedDevices allowed = new AllowedDevices();
        for (int i = 0; i < rules.size(); i++) {
            DeviceRule rule = rules.get(i);
            String line = DevicesController.line(rule);
            if (line.equals("a")) {
                allowed.accesses.clear();
                if (rule.allow()) {
                    allowed.accesses.put(EVERYTHING, ACCESSES);
                }
            } else if (!allowed.accesses.containsKey(EVERYTHING)) {
                int blank = line.lastIndexOf(' ');
                String device = line.substring(0, blank);
                String letters = line.substring(blank + 1);
                if (!rule.allow()) {
                    allowed.refuseHole("linux.resources.devices[" + i + "]", device, letters);
                }
                allowed.change(device, letters, rule.allow());
            }
        }
        return allowed;
    }

    /**
     * Refuses rules that deny some of the devices that one line allows: the kernel ignores them
     * without an error, and the devices would stay allowed.
     */
    private void refuseHole(String field, String device, String letters) {
        int colon = device.indexOf(':');
        String type = device.substring(0, 2);
        String major = device.substring(2, colon);
        String minor = device.substring(colon + 1);
        for (String wider : List.of(type + "*:" + minor, type + major + ":*", type + "*:*")) {
            String both = accesses.getOrDefault(wider, "");
            if (!wider.equals(device) && minus(letters, both).length() < letters.length()) {
                throw Failure.invalid(
                        field,
                        "denies "
                                + device
                                + " of \""
                                + wider
                                + "\", and cgroup v1 can only deny"
                                + " what was allowed by itself",
                        "allow single devices instead");
            }
        }
    }

    /**
     * Returns whether there is a line for all devices; what may be denied besides is not listed.
     */
    boolean isEverything() {
        return accesses.containsKey(EVERYTHING);
    }

    private void change(String device, String letters, boolean allow) {
        String now = accesses.getOrDefault(device, "");
        String changed =
                allow ? minus(ACCESSES, minus(ACCESSES, now + letters)) : minus(now, letters);
        if (changed.isEmpty()) {
            accesses.remove(device);
        } else {
            accesses.put(device, changed);
        }
    }

    private static String minus(String letters, String without) {
        StringBuilder rest = new StringBuilder();
        for (int i = 0; i < letters.length(); i++) {
            if (without.indexOf(letters.charAt(i)) < 0) {
                rest.append(letters.charAt(i));
            }
        }
        return rest.toString();
    }

    /** Lines for what is allowed here and not by {@code others}. */
    List<String> linesWithout(AllowedDevices others) {
        List<String> lines = new ArrayList<>();
        accesses.forEach(
                (device, letters) -> {
                    String rest = minus(letters, others.accesses.getOrDefault(device, ""));
                    if (!rest.isEmpty()) {
                        lines.add(device.equals(EVERYTHING) ? "a" : device + " " + rest);
                    }
                });
        return lines;
    }
}
