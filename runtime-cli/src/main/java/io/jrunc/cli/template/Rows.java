// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.template;

import io.jrunc.cli.output.Users;
import io.jrunc.linux.Strings;
import io.jrunc.spec.OciState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the fields of templates are. */
public final class Rows {
    private static final OciState NO_STATE = new OciState("", 0, "", "", "", "", Map.of(), "");

    private Rows() {}

    /** Returns containers, a line for each. */
    public static String ofStates(String format, List<OciState> states) {
        List<Row> rows = new ArrayList<>();
        for (OciState state : states) {
            rows.add(of(state));
        }
        return Template.parse(format).print(of(NO_STATE), rows);
    }

    private static Row of(OciState state) {
        return new Row()
                .text("ID", state.id())
                .number("PID", state.pid())
                .text("Status", state.status())
                .text("Bundle", state.bundle())
                .text("Rootfs", state.rootfs())
                .text("Created", state.created())
                .text("Owner", state.owner())
                .map("Annotations", state.annotations());
    }

    /** Returns processes, a line for each that still exists. proc_pid_status(5). */
    public static String ofProcesses(String format, List<Integer> pids) {
        Users users = new Users();
        List<Row> rows = new ArrayList<>();
        for (int pid : pids) {
            ofProcess(pid, users).ifPresent(rows::add);
        }
        return Template.parse(format).print(process(0, Map.of(), "", users), rows);
    }

    private static Optional<Row> ofProcess(int pid, Users users) {
        Map<String, String> status = new HashMap<>();
        for (String line : Strings.ofFileIfReadable("/proc/" + pid + "/status").split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                status.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        if (status.isEmpty()) {
            return Optional.empty();
        }
        String words = Strings.ofFileIfReadable("/proc/" + pid + "/cmdline").replace('\0', ' ');
        return Optional.of(process(pid, status, words.strip(), users));
    }

    private static Row process(int pid, Map<String, String> status, String words, Users users) {
        String[] pids = status.getOrDefault("NSpid", "0").split("\\s+", -1);
        String uid = status.getOrDefault("Uid", "0").split("\\s+", -1)[0];
        String state = status.getOrDefault("State", "");
        return new Row()
                .number("PID", pid)
                .number("PPID", Long.parseLong(status.getOrDefault("PPid", "0")))
                .number("ContainerPID", Long.parseLong(pids[pids.length - 1]))
                .number("UID", Long.parseLong(uid))
                .text("User", users.name((int) Long.parseLong(uid)))
                .text("State", state.isEmpty() ? "" : state.substring(0, 1))
                .number("Threads", Long.parseLong(status.getOrDefault("Threads", "0")))
                .text("Command", status.getOrDefault("Name", ""))
                .text("Args", words);
    }
}
