// SPDX-License-Identifier: Apache-2.0
package io.jrunc.host.survey;

import io.jrunc.host.SubordinateIds;
import io.jrunc.host.UserNamespaceSwitches;
import io.jrunc.linux.Fd;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Namespaces, and which ids the caller may use in a user namespace. namespaces(7), subuid(5). */
record NamespaceSurvey(HostSurvey host) {
    private static final List<String> FILES =
            List.of("cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts");
    private static final int SETUID = 04000;

    List<Fact> facts() {
        List<Fact> all = new ArrayList<>(namespaces());
        all.addAll(userNamespaces());
        return all;
    }

    private List<Fact> namespaces() {
        Facts facts = new Facts("namespaces");
        List<String> types = new ArrayList<>();
        for (String file : FILES) {
            if (host.exists("/proc/self/ns/" + file)) {
                types.add(word(file));
            }
        }
        facts.words("types", types);
        for (String file : FILES) {
            String word = word(file);
            if (!types.contains(word)) {
                facts.missing(word, "a linux.namespaces entry of this type is refused", "");
            }
        }
        return facts.all();
    }

    /** Returns the specification's word. */
    private static String word(String file) {
        return switch (file) {
            case "mnt" -> "mount";
            case "net" -> "network";
            default -> file;
        };
    }

    private List<Fact> userNamespaces() {
        Facts facts = new Facts("user_namespaces");
        boolean root = host.caller().uid() == 0;
        facts.flag("inside_one", host.caller().inUserNamespace());
        UserNamespaceSwitches switches = new UserNamespaceSwitches(host::text, root);
        facts.text("max", switches.max());
        String refusal = switches.remedy().orElse("");
        facts.flag("allowed", refusal.isEmpty());
        if (!refusal.isEmpty()) {
            facts.missing(
                    "user namespaces",
                    root
                            ? "linux.namespaces of type user are refused"
                            : "this user can make no container",
                    refusal);
        }
        addIds(facts, "subordinate_uids", "/etc/subuid", root);
        addIds(facts, "subordinate_gids", "/etc/subgid", root);
        addTool(facts, "newuidmap", root);
        addTool(facts, "newgidmap", root);
        return facts.all();
    }

    private void addIds(Facts facts, String name, String file, boolean root) {
        List<String> ranges = ranges(file);
        facts.words(name, ranges);
        if (ranges.isEmpty() && !root) {
            String option = file.endsWith("uid") ? "--add-subuids" : "--add-subgids";
            facts.missing(
                    name,
                    "a container of this user has no id but the user's own",
                    "usermod " + option + " 100000-165535 " + host.caller().name());
        }
    }

    /** Returns the caller's lines, as {@code first-last}. */
    private List<String> ranges(String file) {
        List<String> ranges = new ArrayList<>();
        for (SubordinateIds ids :
                SubordinateIds.granted(
                        host.text(file), host.caller().name(), host.caller().uid())) {
            ranges.add(ids.first() + "-" + (ids.first() + ids.count() - 1));
        }
        return ranges;
    }

    private void addTool(Facts facts, String name, boolean root) {
        Optional<String> path = host.program(name);
        facts.text(name, path.orElse("none"));
        if (root) {
            return;
        }
        String consequence = "a container of this user has no id but the user's own";
        if (path.isEmpty()) {
            facts.missing(name, consequence, "install it (Debian: package uidmap)");
        } else if (!isPrivileged(path.get())) {
            facts.missing(
                    name + " with privileges",
                    consequence,
                    path.get() + " is neither setuid root nor has file capabilities; reinstall it");
        }
    }

    private boolean isPrivileged(String program) {
        Optional<Stat> stat = host.kernel().files().statIfExists(program);
        return stat.isPresent() && (stat.get().mode() & SETUID) != 0 && stat.get().uid() == 0
                || hasCapabilities(program);
    }

    private boolean hasCapabilities(String program) {
        try (Fd file = host.kernel().files().openIfReadable(program, OpenFlag.RDONLY)) {
            return file.isOpen()
                    && host.kernel().copies().attributeNames(file).contains("security.capability");
        }
    }
}
