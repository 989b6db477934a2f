// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import io.jrunc.host.Host;
import io.jrunc.host.SubordinateIds;
import io.jrunc.spec.NamespaceType;
import io.jrunc.spec.Spec;
import io.jrunc.spec.json.SpecDocument;
import io.jrunc.spec.json.SpecReader;
import java.util.Optional;

/**
 * Gives a container of an ordinary user the user namespace without which the kernel refuses all
 * others, if its specification has none: the id of its process is the user's own, and ids beside it
 * are those that subuid(5) and subgid(5) grant. As crun does.
 */
public final class OwnUserNamespace {
    private OwnUserNamespace() {}

    /** Returns {@code config}, to which a user namespace is added if it needs one. */
    public static byte[] addedTo(byte[] config) {
        Spec spec = SpecReader.read(config);
        if (spec.linux().namespace(NamespaceType.USER).isPresent()) {
            return config;
        }
        int owner = Host.effectiveUid();
        long uid = spec.process().map(process -> process.user().uid()).orElse(0L);
        long gid = spec.process().map(process -> process.user().gid()).orElse(0L);
        Optional<SubordinateIds> uids = SubordinateIds.uids(owner);
        Optional<SubordinateIds> gids = SubordinateIds.gids(owner);
        boolean both = uids.isPresent() && gids.isPresent();
        SpecDocument document = SpecDocument.parse(config);
        document.append("/linux/namespaces", "{\"type\": \"user\"}");
        document.set(
                "/linux/uidMappings",
                mappings(uid, Integer.toUnsignedLong(owner), both ? uids : Optional.empty()));
        document.set(
                "/linux/gidMappings",
                mappings(
                        gid,
                        Integer.toUnsignedLong(Host.effectiveGid()),
                        both ? gids : Optional.empty()));
        if (!both) {
            removeOtherGroups(document, spec, gid);
        }
        return document.text();
    }

    /** The group of terminals, as configurations for root name it, is not mapped. */
    private static void removeOtherGroups(SpecDocument document, Spec spec, long mapped) {
        for (int i = 0; i < spec.mounts().size(); i++) {
            for (String option : spec.mounts().get(i).options()) {
                if (option.startsWith("gid=") && !option.equals("gid=" + mapped)) {
                    document.remove("/mounts/" + i + "/options", option);
                }
            }
        }
    }

    /** Returns the JSON of mappings in which {@code id} of the container is {@code own}. */
    static String mappings(long id, long own, Optional<SubordinateIds> granted) {
        StringBuilder json = new StringBuilder("[").append(mapping(id, own, 1));
        if (granted.isPresent()) {
            long first = granted.get().first();
            long count = granted.get().count();
            long below = Math.min(id, count);
            if (below > 0) {
                json.append(", ").append(mapping(0, first, below));
            }
            if (count > below) {
                json.append(", ").append(mapping(id + 1, first + below, count - below));
            }
        }
        return json.append(']').toString();
    }

    private static String mapping(long id, long host, long size) {
        return "{\"containerID\": " + id + ", \"hostID\": " + host + ", \"size\": " + size + "}";
    }
}
