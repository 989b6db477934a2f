// SPDX-License-Identifier: Apache-2.0
package io.jrunc.seccomp.profile;

import io.jrunc.seccomp.Action;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.FilterFlag;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.seccomp.SyscallRule;
import io.jrunc.seccomp.compile.FilterCompiler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A profile as engines keep it, with rules that count only in some circumstances. Docker and Podman
 * resolve it before they write {@code linux.seccomp}; so does {@link #resolve}. What is in {@code
 * linux.seccomp} is such a profile as well, one that is the same in all circumstances. Source:
 * docs.docker.com/engine/security/seccomp, github.com/moby/profiles.
 *
 * @param architectures beside the native one, whatever that is
 * @param archMap by native architecture, those beside it; without {@code architectures}
 * @param flags as in {@link Seccomp}
 */
public record EngineProfile(
        Action defaultAction,
        OptionalInt defaultErrnoRet,
        List<Architecture> architectures,
        Map<Architecture, List<Architecture>> archMap,
        Optional<List<FilterFlag>> flags,
        Optional<String> listenerPath,
        Optional<String> listenerMetadata,
        List<EngineRule> rules) {
    public EngineProfile {
        architectures = List.copyOf(architectures);
        archMap = Collections.unmodifiableMap(new LinkedHashMap<>(archMap));
        flags = flags.map(List::copyOf);
        rules = List.copyOf(rules);
    }

    /** Returns the profile that is the same in all circumstances. */
    public static EngineProfile of(Seccomp filter) {
        List<EngineRule> rules = new ArrayList<>();
        for (SyscallRule rule : filter.syscalls()) {
            rules.add(new EngineRule(rule, Requirement.NONE, Requirement.NONE));
        }
        return new EngineProfile(
                filter.defaultAction(),
                filter.defaultErrnoRet(),
                filter.architectures(),
                Map.of(),
                filter.flags(),
                filter.listenerPath(),
                filter.listenerMetadata(),
                rules);
    }

    /**
     * What a container gets.
     *
     * @param filter {@code linux.seccomp}
     * @param places for each rule of the filter its index in the profile
     */
    public record Resolution(Seccomp filter, List<Integer> places) {
        public Resolution {
            places = List.copyOf(places);
        }
    }

    /** Leaves out what does not count. */
    public Resolution resolve(ProfileContext profileContext) {
        List<SyscallRule> counting = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).countsIn(profileContext)) {
                counting.add(rules.get(i).rule());
                places.add(i);
            }
        }
        Seccomp filter =
                new Seccomp(
                        defaultAction,
                        defaultErrnoRet,
                        architectures(profileContext.architecture()),
                        flags,
                        listenerPath,
                        listenerMetadata,
                        counting);
        return new Resolution(filter, places);
    }

    private List<Architecture> architectures(Architecture own) {
        if (!archMap.containsKey(own)) {
            return architectures;
        }
        List<Architecture> all = new ArrayList<>(List.of(own));
        all.addAll(archMap.get(own));
        return all;
    }

    /**
     * Returns the same profile, but refused calls are made and logged. Refusals with ENOSYS stay:
     * the program then falls back to other calls, and these are logged.
     */
    EngineProfile loggingRefusals() {
        List<EngineRule> logging = new ArrayList<>();
        for (EngineRule each : rules) {
            SyscallRule rule = each.rule();
            boolean asks = rule.errnoRet().orElse(0) == FilterCompiler.ENOSYS;
            logging.add(
                    rule.action().allows() || asks
                            ? each
                            : new EngineRule(
                                    new SyscallRule(
                                            rule.names(),
                                            Action.LOG,
                                            OptionalInt.empty(),
                                            rule.args()),
                                    each.includes(),
                                    each.excludes()));
        }
        return new EngineProfile(
                Action.LOG,
                OptionalInt.empty(),
                architectures,
                archMap,
                flags,
                listenerPath,
                listenerMetadata,
                logging);
    }
}
