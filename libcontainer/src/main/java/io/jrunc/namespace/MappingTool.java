// SPDX-License-Identifier: Apache-2.0
package io.jrunc.namespace;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Stat;
import io.jrunc.program.HostProgram;
import io.jrunc.setup.SetupContext;
import io.jrunc.spec.IdMapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program that gives a user namespace the ids which an administrator has set aside for its owner,
 * as an ordinary user may not: newuidmap(1) and newgidmap(1).
 *
 * @param name looked up in the caller's PATH
 * @param grants the file that says whose ids these are, subuid(5), subgid(5)
 * @param remedy the command that adds a line to it
 */
record MappingTool(String name, String grants, String remedy) {
    static final MappingTool UIDS =
            new MappingTool("newuidmap", "/etc/subuid", "usermod --add-subuids");
    static final MappingTool GIDS =
            new MappingTool("newgidmap", "/etc/subgid", "usermod --add-subgids");

    private static final int SETUID = 04000;
    private static final String CAPABILITIES = "security.capability";
    private static final String PATH = "PATH=";

    /** Has the program write the map of the stage's user namespace. */
    void map(SetupContext context, List<IdMapping> mappings) {
        String program = find(context);
        List<String> arguments = new ArrayList<>();
        arguments.add(name);
        arguments.add(Integer.toString(context.stagePid()));
        for (IdMapping mapping : mappings) {
            arguments.add(Long.toString(mapping.containerId()));
            arguments.add(Long.toString(mapping.hostId()));
            arguments.add(Long.toString(mapping.size()));
        }
        HostProgram.Outcome outcome =
                new HostProgram(program, arguments, List.of(), "", 0).run(context.hookParent(), "");
        if (!outcome.problem().isEmpty()) {
            String said = outcome.stderr().strip().replace("\n", "; ");
            String problem = said.isEmpty() ? outcome.problem() : said;
            throw Failure.of(
                    Failure.Code.ID_MAPPING,
                    String.join(" ", arguments) + ": " + problem,
                    program,
                    Errno.EPERM,
                    isPrivileged(context, program)
                            ? grantRemedy(mappings)
                            : installRemedy(program));
        }
    }

    private String grantRemedy(List<IdMapping> mappings) {
        IdMapping last = mappings.get(mappings.size() - 1);
        String range = last.hostId() + "-" + (last.hostId() + last.size() - 1);
        return "the caller's ids in "
                + grants
                + " must cover them; root grants some with "
                + remedy
                + " "
                + range
                + " USER";
    }

    private static String installRemedy(String program) {
        return program
                + " is neither setuid root nor has file capabilities; reinstall it (Debian:"
                + " package uidmap)";
    }

    private String find(SetupContext context) {
        String path = "";
        for (String variable : context.callerEnvironment()) {
            if (variable.startsWith(PATH)) {
                path = variable.substring(PATH.length());
            }
        }
        Optional<String> found = HostProgram.find(context.runtime().files(), path, name);
        if (found.isPresent()) {
            return found.get();
        }
        throw Failure.of(
                Failure.Code.ID_MAPPING,
                "only root may map these ids without " + name + ", which is not in PATH " + path,
                name,
                Errno.ENOENT,
                "install it (Debian: package uidmap), or map nothing but the caller's own id");
    }

    /** Returns whether it runs with more rights than its caller. */
    private static boolean isPrivileged(SetupContext context, String program) {
        Files files = context.runtime().files();
        Optional<Stat> stat = files.statIfExists(program);
        if (stat.isEmpty() || (stat.get().mode() & SETUID) != 0 && stat.get().uid() == 0) {
            return true;
        }
        Fd file = files.openIfExists(files.here(), program, OpenFlag.RDONLY);
        try (file) {
            return !file.isOpen()
                    || context.runtime().copies().attributeNames(file).contains(CAPABILITIES);
        }
    }
}
