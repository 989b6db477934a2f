// SPDX-License-Identifier: Apache-2.0
package io.jrunc.namespace;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Files;
import io.jrunc.setup.Actor;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import io.jrunc.spec.IdMapping;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes sure that mappings beside the path of a user namespace are those that it has. Source:
 * runtime-spec config-linux.md#namespaces: a namespace that is joined is not configured.
 */
record CompareMappings(List<IdMapping> uids, List<IdMapping> gids) implements Step {
    @Override
    public Actor actor() {
        return Actor.RUNTIME;
    }

    @Override
    public String title() {
        return "make sure that the user namespace maps as it is to";
    }

    @Override
    public String field() {
        return "linux.uidMappings";
    }

    @Override
    public void apply(SetupContext context) {
        Files files = context.runtime().files();
        compare(files, context.stagePid(), "uid_map", "linux.uidMappings", uids);
        compare(files, context.stagePid(), "gid_map", "linux.gidMappings", gids);
    }

    private static void compare(
            Files files, int pid, String file, String field, List<IdMapping> wanted) {
        List<String> actual = lines(files.readText("/proc/" + pid + "/" + file));
        // A namespace that maps nothing exists only in a dry run.
        if (!wanted.isEmpty() && !actual.isEmpty() && !actual.equals(lines(wanted))) {
            throw Failure.invalid(
                    field,
                    "the user namespace that is joined has others: " + String.join(", ", actual),
                    "remove them");
        }
    }

    private static List<String> lines(List<IdMapping> mappings) {
        return lines(IdMapping.lines(mappings));
    }

    /** Returns one line per range, sorted, with single blanks. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            if (!line.isBlank()) {
                lines.add(line.strip().replaceAll(" +", " "));
            }
        }
        lines.sort(null);
        return lines;
    }
}
