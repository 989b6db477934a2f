// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.cli;

import static io.jrunc.it.harness.Feature.CGROUP_V1;
import static io.jrunc.it.harness.Feature.CRUN;
import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static io.jrunc.it.harness.Feature.SETPRIV;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Container;
import io.jrunc.it.harness.Escape;
import io.jrunc.it.harness.Invocation;
import io.jrunc.it.harness.Json;
import io.jrunc.it.harness.PidfdListener;
import io.jrunc.it.harness.PidfdListener.Message;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Annotations of crun(1), by themselves, allowed by the caller, and beside crun. */
@Requires({ROOT, JRUNC})
class CrunAnnotationsIT {
    private static final String STDOUT = "run.oci.hooks.stdout";
    private static final String STDERR = "run.oci.hooks.stderr";
    private static final String GROUPS = "run.oci.keep_original_groups";
    private static final String RECEIVER = "run.oci.pidfd_receiver";
    private static final String STRICT = "run.oci.seccomp_fail_unknown_syscall";
    private static final String[] IN_GROUPS = {
        "setpriv", "--reuid", "0", "--regid", "0", "--groups", "4,24"
    };

    /** crun 1.8 does not run where cgroup v2 lies beside v1; elsewhere nothing is unmounted. */
    private static final String HIDE_V2 = "umount /sys/fs/cgroup/unified 2>/dev/null; exec \"$@\"";

    private static Bundle annotated(String name, Object value) {
        return Bundle.busybox().set("/annotations/" + name, value.toString());
    }

    /** Runs it with these annotations allowed. */
    private static Invocation allowing(Bundle bundle, String... names) {
        List<String> words = new ArrayList<>();
        for (String name : names) {
            words.addAll(List.of("--allow-annotation", name));
        }
        words.addAll(List.of("run", Sandbox.current().freshId()));
        return bundle.invoke(words);
    }

    private static Invocation crun(Bundle bundle) {
        List<String> words = List.of("run", Sandbox.current().freshId());
        List<String> command = new ArrayList<>(List.of("--cgroup-manager=disabled"));
        command.addAll(words);
        bundle.set("/linux/resources", Map.of()).set("/ociVersion", "1.0.2").write();
        return Sandbox.current()
                .program(Program.installed("crun").orElseThrow(), command)
                .in(bundle.directory())
                .under("sh", "-c", HIDE_V2, "sh")
                .under("unshare", "--mount", "--propagation", "private");
    }

    private static void warnsOf(String name, Result run) {
        String warning = "takes --allow-annotation " + name + ", ignoring";
        assertEquals(2, run.stderr().split(warning, -1).length, run::describe);
    }

    private static Bundle withHooks(Path out, Path err) {
        var bundle = annotated(STDOUT, out).set("/annotations/" + STDERR, err.toString());
        for (String kind :
                List.of(
                        "prestart",
                        "createRuntime",
                        "createContainer",
                        "startContainer",
                        "poststart",
                        "poststop")) {
            String script = "cat >/dev/null; echo out " + kind + "; echo err " + kind + " >&2";
            bundle.add("/hooks/" + kind, Map.of("path", "/bin/sh", "args", sh(script)));
        }
        return bundle.args("true");
    }

    private static List<String> sh(String script) {
        return List.of("sh", "-c", script);
    }

    private static List<String> printed(String stream) {
        return List.of(
                "before",
                stream + " prestart",
                stream + " createRuntime",
                stream + " createContainer",
                stream + " startContainer",
                stream + " poststart",
                stream + " poststop");
    }

    private static List<String> sorted(List<String> lines) {
        return lines.stream().sorted().toList();
    }

    @Test
    void hooksPrintToTheFilesThatTheCallerAllows() throws IOException {
        Path out = Files.writeString(Sandbox.current().freshFile("out"), "before\n");
        Path err = Files.writeString(Sandbox.current().freshFile("err"), "before\n");

        Result run = allowing(withHooks(out, err), STDOUT, STDERR).run();

        assertEquals("", run.output());
        assertEquals(printed("out"), Files.readAllLines(out));
        assertEquals(printed("err"), Files.readAllLines(err));
    }

    @Test
    @Requires(CRUN)
    void hooksPrintWhereThoseOfCrunDo() throws IOException {
        Path out = Files.writeString(Sandbox.current().freshFile("out"), "before\n");
        Path err = Files.writeString(Sandbox.current().freshFile("err"), "before\n");

        crun(withHooks(out, err)).run().output();

        // crun does not wait for startContainer hooks before it runs those of poststart.
        assertEquals(sorted(printed("out")), sorted(Files.readAllLines(out)));
        assertEquals(sorted(printed("err")), sorted(Files.readAllLines(err)));
    }

    /** One stream alone; the file is made for the caller only, and a later hook appends. */
    @Test
    void fileThatIsMissingIsMadeForItsOwner() throws IOException {
        Path out = Sandbox.current().freshFile("out");
        var bundle = annotated(STDOUT, out).args("true");
        bundle.add(
                "/hooks/createRuntime",
                Map.of("path", "/bin/sh", "args", sh("echo x; echo y >&2")));

        allowing(bundle, STDOUT).run().output();
        allowing(bundle, STDOUT).run().output();

        assertEquals(List.of("x", "x"), Files.readAllLines(out));
        assertEquals("100600", Integer.toOctalString((int) Files.getAttribute(out, "unix:mode")));
    }

    @Test
    @Escape("annotations")
    void filesThatTheCallerDoesNotAllowAreNotMade() {
        Path out = Sandbox.current().freshFile("out");
        Path err = Sandbox.current().freshFile("err");

        Result run = allowing(withHooks(out, err), STDERR).run();

        assertEquals(0, run.status(), run::describe);
        warnsOf(STDOUT, run);
        assertFalse(run.stderr().contains("--allow-annotation " + STDERR), run::describe);
        assertFalse(Files.exists(out));
        assertTrue(Files.exists(err));
    }

    /** {@code start} and {@code delete} ask their own callers. */
    @Test
    @Escape("annotations")
    void permissionOfCreateIsNotThatOfDelete() throws IOException {
        Path out = Sandbox.current().freshFile("out");
        var bundle = withHooks(out, Sandbox.current().freshFile("err"));
        String id = Sandbox.current().freshId();

        bundle.invoke("--allow-annotation", STDOUT, "create", id).run();
        Sandbox.current().runtime("start", id).run().output();
        Sandbox.current().runtime("delete", "--force", id).run().output();

        assertEquals(printed("out").subList(1, 4), Files.readAllLines(out));
    }

    @ParameterizedTest
    @CsvSource({
        STDOUT + ", out, begin it with a slash",
        STDERR + ", '', begin it with a slash",
        STDOUT + ", /no/such/directory/out, No such file or directory|ENOENT",
        RECEIVER + ", socket, begin it with a slash",
        RECEIVER + ", /no/such/socket, /no/such/socket",
        GROUPS + ", yes, write 1 or 0",
        GROUPS + ", '', write 1 or 0"
    })
    void valueThatMeansNothingIsRefused(String name, String value, String remedy) {
        var bundle = annotated(name, value).args("true");
        bundle.add("/hooks/createRuntime", Map.of("path", "/bin/true", "args", sh("true")));

        allowing(bundle, name).run().failsWith(remedy);
        if (!remedy.startsWith("/")) {
            allowing(bundle, name).run().failsWith("annotations\\[\\\\?\"" + name);
        }
        Result ignored = allowing(bundle).run();
        assertEquals(0, ignored.status(), ignored::describe);
        assertTrue(Sandbox.current().remains().isEmpty());
    }

    @Test
    @Requires(SETPRIV)
    void groupsStayIfTheCallerAllowsIt() {
        var bundle = annotated(GROUPS, 1).args("id", "-G").user(7, 8);
        bundle.set("/process/user/additionalGids", List.of(9));

        Result kept = allowing(bundle, GROUPS).under(IN_GROUPS).run();
        Result image = allowing(bundle).under(IN_GROUPS).run();
        Result off =
                allowing(bundle.set("/annotations/" + GROUPS, "0"), GROUPS).under(IN_GROUPS).run();

        assertEquals("8 4 24", kept.output());
        assertEquals("8 9", image.stdout().strip(), image::describe);
        warnsOf(GROUPS, image);
        assertEquals("8 9", off.output());
    }

    @Test
    @Requires({SETPRIV, CRUN})
    void groupsStayAsWithCrun() {
        var bundle = annotated(GROUPS, 1).args("id", "-G").user(7, 8);

        assertEquals("8 4 24", crun(bundle).under(IN_GROUPS).run().output());
    }

    @Test
    @Requires(SETPRIV)
    void execKeepsTheGroupsOfItsCaller() {
        var container = annotated(GROUPS, 1).start("sleep", "60");
        String[] id = {"exec", "--user", "7:8", container.id(), "id", "-G"};
        List<String> allowed = new ArrayList<>(List.of("--allow-annotation", GROUPS));
        allowed.addAll(List.of(id));

        assertEquals("8", Sandbox.current().runtime(id).under(IN_GROUPS).run().output());
        assertEquals("8 4 24", Sandbox.current().runtime(allowed).under(IN_GROUPS).run().output());
    }

    /** Podman without root: the namespace's root has no group that its user has not. */
    @Test
    @Requires(SETPRIV)
    void groupsOfACallerWithoutRootStayWithoutPermission() {
        var bundle = annotated(GROUPS, 1).args("grep", "Groups", "/proc/self/status");
        bundle.remove("/process/rlimits").set("/linux/resources", Map.of());
        bundle.withoutMount("/dev/pts")
                .mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance");

        Result run =
                bundle.invoke("--cgroup-manager=disabled", "run", Sandbox.current().freshId())
                        .under("unshare", "--user", "--map-root-user", "--mount")
                        .under(IN_GROUPS)
                        .run();

        assertEquals(List.of("Groups:", "65534", "65534"), words(run.output()), run::describe);
    }

    private static List<String> words(String line) {
        return List.of(line.strip().split("\\s+"));
    }

    @Test
    void receiverThatTheCallerAllowsGetsInitsDescriptor() {
        Path socket = Sandbox.current().freshFile("sock");
        var bundle = annotated(RECEIVER, socket).args("sleep", "60");
        Container container = bundle.container();
        try (PidfdListener listening = new PidfdListener(socket)) {
            String[] create = {"--allow-annotation", RECEIVER, "create", container.id()};
            Result made = bundle.invoke(create).run();
            assertEquals(0, made.status(), made::describe);

            assertEquals(new Message(" ", container.pid()), listening.receive());
        }
    }

    @Test
    @Requires(CRUN)
    void receiverGetsWhatCrunSends() {
        Path socket = Sandbox.current().freshFile("sock");
        try (PidfdListener listening = new PidfdListener(socket)) {
            crun(annotated(RECEIVER, socket).args("sleep", "1")).run().output();

            assertEquals(" ", listening.receive().text());
        }
    }

    @Test
    @Escape("annotations")
    void receiverThatTheCallerDoesNotAllowIsLeftAlone() {
        Path socket = Sandbox.current().freshFile("sock");
        try (PidfdListener listening = new PidfdListener(socket)) {
            Result run = allowing(annotated(RECEIVER, socket).args("true")).run();

            assertEquals(0, run.status(), run::describe);
            warnsOf(RECEIVER, run);
            assertFalse(listening.isConnectedTo());
        }
    }

    private static Bundle filtered(String value, String... calls) {
        String rules = Json.of(List.of(Map.of("names", calls, "action", "SCMP_ACT_LOG"))) + "";
        return annotated(STRICT, value)
                .args("echo", "ran")
                .json(
                        "/linux/seccomp",
                        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": " + rules + "}");
    }

    /** It can only make the container stricter, so it needs no permission. */
    @Test
    void unknownSystemCallIsRefusedIfAnAnnotationSaysSo() {
        allowing(filtered("1", "acct", "nosuchcall"))
                .run()
                .failsWith(
                        "linux.seccomp.syscalls\\[0\\].names", "nosuchcall", "remove it", STRICT);
        allowing(filtered("maybe", "acct")).run().failsWith(STRICT, "write 1 or 0");
        assertEquals("ran", allowing(filtered("0", "nosuchcall")).run().output());
        assertEquals("ran", allowing(filtered("1", "acct")).run().output());
    }

    @Test
    @Requires(CRUN)
    void unknownSystemCallIsRefusedByCrun() {
        crun(filtered("1", "acct", "nosuchcall")).run().failsWith("nosuchcall");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run.oci.handler", STRICT, "org.systemd.property.X", ""})
    void onlyGuardedAnnotationsCanBeAllowed(String name) {
        Sandbox.current()
                .runtime("--allow-annotation", name, "list")
                .run()
                .failsWith("--allow-annotation", "needs no permission; write one of", STDOUT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sub", ".."})
    void subgroupOfSystemdMeansNothingWithoutSystemd(String value) {
        assertEquals(
                "ran", annotated("run.oci.systemd.subgroup", value).run("echo", "ran").output());
    }

    @Test
    void emptyNameDelegatesNothing() {
        assertEquals("ran", annotated("run.oci.delegate-cgroup", "").run("echo", "ran").output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/payload", "a/b", ".", "..", "cgroup.procs", "a\nb"})
    void delegatedCgroupIsOneComponent(String value) {
        annotated("run.oci.delegate-cgroup", value)
                .run("true")
                .failsWith("run.oci.delegate-cgroup", "is no name of a cgroup", "one component");
    }

    @Test
    @Requires(CGROUP_V1)
    void v1IsNotDelegated() {
        annotated("run.oci.delegate-cgroup", "payload")
                .run("true")
                .failsWith("run.oci.delegate-cgroup", "nothing but cgroup v2");
    }

    @Test
    @Requires(CGROUP_V1)
    void oldSystemdGetsTheHierarchyThatItKnows() {
        String name = "run.oci.systemd.force_cgroup_v1";
        Bundle bundle = annotated(name, "/sys/fs/cgroup");
        bundle.args("sh", "-c", "ls /sys/fs/cgroup; cut -d' ' -f2-4 /proc/mounts | grep cgroup");

        Result run = allowing(bundle, name).run();
        Result without = bundle.invoke(List.of("run", Sandbox.current().freshId())).run();

        assertEquals("systemd", run.lines().get(0), run::describe);
        assertTrue(run.lines().get(1).startsWith("/sys/fs/cgroup tmpfs rw,nosuid"), run::describe);
        assertTrue(
                run.lines().get(2).startsWith("/sys/fs/cgroup/systemd cgroup rw,"), run::describe);
        assertEquals(3, run.lines().size(), run::describe);
        assertFalse(without.output().startsWith("systemd\n"), without::describe);
        assertTrue(
                without.stderr().contains("takes --allow-annotation " + name), without::describe);
    }

    @Test
    void allAreAmongTheFeatures() {
        JsonNode listed =
                Json.parse(Sandbox.current().runtime("features").run().output())
                        .at("/potentiallyUnsafeConfigAnnotations");

        List<String> names = new ArrayList<>();
        listed.forEach(name -> names.add(name.asText()));
        assertEquals(
                List.of(
                        "org.criu.config",
                        "org.systemd.property.",
                        "module.wasm.image/variant",
                        "run.oci.delegate-cgroup",
                        "run.oci.handler",
                        STDERR,
                        STDOUT,
                        GROUPS,
                        "run.oci.mount_context_type",
                        RECEIVER,
                        "run.oci.seccomp.receiver",
                        "run.oci.seccomp_bpf_data",
                        STRICT,
                        "run.oci.systemd.force_cgroup_v1",
                        "run.oci.systemd.subgroup"),
                names);
    }
}
