// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.json;

import io.jrunc.json.JsonText;
import io.jrunc.spec.Capabilities;
import io.jrunc.spec.Hook;
import io.jrunc.spec.Hooks;
import io.jrunc.spec.Mount;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Resources;
import io.jrunc.spec.Rlimit;
import io.jrunc.spec.Root;
import io.jrunc.spec.Scheduler;
import io.jrunc.spec.Spec;
import io.jrunc.spec.User;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a {@link Spec} as {@code config.json}, without what is absent or empty, in the order of
 * the specification's Go types. Sections for other platforms are not kept.
 */
public final class SpecWriter {
    private final JsonText json;

    private SpecWriter(JsonText json) {
        this.json = json;
    }

    /** Returns the document indented by tabs, as {@code runc spec} writes it. */
    public static String pretty(Spec spec) {
        return write(spec, JsonText.indented("\t"));
    }

    /** Returns the document on one line. */
    public static String compact(Spec spec) {
        return write(spec, JsonText.compact());
    }

    /** Writes {@link #pretty} in UTF-8. */
    public static void write(Spec spec, OutputStream out) throws IOException {
        out.write(pretty(spec).getBytes(StandardCharsets.UTF_8));
    }

    /** Returns an object like {@code linux.resources}, on one line. */
    public static String compact(Resources resources) {
        JsonText json = JsonText.compact();
        json.beginObject();
        new ResourcesWriter(json).fields(resources);
        json.endObject();
        return json.toString();
    }

    /** Writes the field {@code mounts}, as in {@code config.json}; nothing if there are none. */
    public static void mounts(JsonText json, List<Mount> mounts) {
        new SpecWriter(json).mounts(mounts);
    }

    private static String write(Spec spec, JsonText json) {
        new SpecWriter(json).spec(spec);
        return json.toString();
    }

    private void spec(Spec spec) {
        json.beginObject();
        json.string("ociVersion", spec.ociVersion());
        if (spec.process().isPresent()) {
            process(spec.process().get());
        }
        if (spec.root().isPresent()) {
            root(spec.root().get());
        }
        json.stringIfAny("hostname", spec.hostname());
        json.stringIfAny("domainname", spec.domainname());
        mounts(spec.mounts());
        hooks(spec.hooks());
        map("annotations", spec.annotations());
        new LinuxWriter(json).linux(spec.linux());
        json.endObject();
    }

    private void root(Root root) {
        json.beginObject("root");
        json.string("path", root.path());
        bool("readonly", root.readonly());
        json.endObject();
    }

    private void process(ProcessSpec process) {
        json.beginObject("process");
        bool("terminal", process.terminal());
        if (process.consoleSize().isPresent()) {
            json.beginObject("consoleSize");
            json.number("height", process.consoleSize().get().height());
            json.number("width", process.consoleSize().get().width());
            json.endObject();
        }
        user(process.user());
        json.stringsIfAny("args", process.args());
        json.stringsIfAny("env", process.env());
        json.string("cwd", process.cwd());
        if (process.capabilities().isPresent()) {
            capabilities(process.capabilities().get());
        }
        rlimits(process.rlimits());
        bool("noNewPrivileges", process.noNewPrivileges());
        json.stringIfAny("apparmorProfile", process.apparmorProfile());
        if (process.oomScoreAdj().isPresent()) {
            json.number("oomScoreAdj", process.oomScoreAdj().getAsInt());
        }
        if (process.scheduler().isPresent()) {
            scheduler(process.scheduler().get());
        }
        json.stringIfAny("selinuxLabel", process.selinuxLabel());
        if (process.ioPriority().isPresent()) {
            json.beginObject("ioPriority");
            json.string("class", process.ioPriority().get().ioClass().specName());
            json.number("priority", process.ioPriority().get().priority());
            json.endObject();
        }
        if (process.execCpuAffinity().isPresent()) {
            json.beginObject("execCPUAffinity");
            json.stringIfAny("initial", process.execCpuAffinity().get().initialCpus());
            json.stringIfAny("final", process.execCpuAffinity().get().finalCpus());
            json.endObject();
        }
        json.endObject();
    }

    private void user(User user) {
        json.beginObject("user");
        json.number("uid", user.uid());
        json.number("gid", user.gid());
        if (user.umask().isPresent()) {
            json.number("umask", user.umask().getAsInt());
        }
        if (!user.additionalGids().isEmpty()) {
            json.beginList("additionalGids");
            for (long gid : user.additionalGids()) {
                json.element(gid);
            }
            json.endList();
        }
        json.endObject();
    }

    private void capabilities(Capabilities capabilities) {
        json.beginObject("capabilities");
        set("bounding", capabilities.bounding());
        set("effective", capabilities.effective());
        set("inheritable", capabilities.inheritable());
        set("permitted", capabilities.permitted());
        set("ambient", capabilities.ambient());
        json.endObject();
    }

    private void rlimits(List<Rlimit> rlimits) {
        if (rlimits.isEmpty()) {
            return;
        }
        json.beginList("rlimits");
        for (Rlimit rlimit : rlimits) {
            json.beginObject();
            json.string("type", rlimit.type().specName());
            json.unsigned("hard", rlimit.hard());
            json.unsigned("soft", rlimit.soft());
            json.endObject();
        }
        json.endList();
    }

    private void scheduler(Scheduler scheduler) {
        json.beginObject("scheduler");
        json.string("policy", scheduler.policy().specName());
        if (scheduler.nice().isPresent()) {
            json.number("nice", scheduler.nice().getAsInt());
        }
        if (scheduler.priority().isPresent()) {
            json.number("priority", scheduler.priority().getAsInt());
        }
        if (!scheduler.flags().isEmpty()) {
            json.strings("flags", LinuxWriter.names(scheduler.flags()));
        }
        LinuxWriter.unsigned(json, "runtime", scheduler.runtimeNanos());
        LinuxWriter.unsigned(json, "deadline", scheduler.deadlineNanos());
        LinuxWriter.unsigned(json, "period", scheduler.periodNanos());
        json.endObject();
    }

    private void mounts(List<Mount> mounts) {
        if (mounts.isEmpty()) {
            return;
        }
        json.beginList("mounts");
        for (Mount mount : mounts) {
            json.beginObject();
            json.string("destination", mount.destination());
            json.stringIfAny("type", mount.type());
            json.stringIfAny("source", mount.source());
            json.stringsIfAny("options", mount.options());
            LinuxWriter.idMappings(json, "uidMappings", mount.uidMappings());
            LinuxWriter.idMappings(json, "gidMappings", mount.gidMappings());
            json.endObject();
        }
        json.endList();
    }

    private void hooks(Hooks hooks) {
        if (hooks.equals(Hooks.NONE)) {
            return;
        }
        json.beginObject("hooks");
        List<List<Hook>> lists = hooks.inOrder();
        for (int i = 0; i < lists.size(); i++) {
            hooks(Hooks.NAMES.get(i), lists.get(i));
        }
        json.endObject();
    }

    private void hooks(String name, List<Hook> hooks) {
        if (hooks.isEmpty()) {
            return;
        }
        json.beginList(name);
        for (Hook hook : hooks) {
            json.beginObject();
            json.string("path", hook.path());
            json.stringsIfAny("args", hook.args());
            set("env", hook.env());
            if (hook.timeoutSeconds().isPresent()) {
                json.number("timeout", hook.timeoutSeconds().getAsInt());
            }
            json.endObject();
        }
        json.endList();
    }

    private void bool(String name, boolean value) {
        if (value) {
            json.bool(name, true);
        }
    }

    private void set(String name, Optional<List<String>> values) {
        if (values.isPresent()) {
            json.strings(name, values.get());
        }
    }

    private void map(String name, Map<String, String> values) {
        if (!values.isEmpty()) {
            json.map(name, values);
        }
    }
}
