// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.linux.Failure;
import io.jrunc.seccomp.ArgCondition;
import io.jrunc.seccomp.Operator;
import io.jrunc.spec.Capabilities;
import io.jrunc.spec.DeviceRule;
import io.jrunc.spec.DeviceType;
import io.jrunc.spec.Hook;
import io.jrunc.spec.IdMapping;
import io.jrunc.spec.Mount;
import io.jrunc.spec.Pids;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Resources;
import io.jrunc.spec.Rlimit;
import io.jrunc.spec.Spec;
import io.jrunc.spec.TimeOffset;
import io.jrunc.spec.User;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecReaderTest {
    static List<Path> good() {
        return Documents.good();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " [{\"destination\": \"/a\"}]",
                "{\"mounts\": [{\"destination\": \"/a\"}]}",
                "{\"destination\": \"/a\"}"
            })
    void mountsAreAListAnObjectOrASingleOne(String text) {
        var mounts =
                SpecReader.readMounts(text.getBytes(StandardCharsets.UTF_8), "file", warning -> {});

        assertEquals(List.of("/a"), mounts.stream().map(Mount::destination).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "{\"mounts\": []}", "[{\"type\": \"tmpfs\"}]", "[1]"})
    void mountsWithoutADestinationAreRefused(String text) {
        byte[] json = text.getBytes(StandardCharsets.UTF_8);

        assertThrows(Failure.class, () -> SpecReader.readMounts(json, "file", warning -> {}));
    }

    @ParameterizedTest
    @MethodSource("good")
    void whatWasWrittenReadsTheSame(Path document) {
        Spec spec = SpecReader.read(Documents.bytes(document));

        assertEquals(withoutForeign(spec), read(SpecWriter.pretty(spec)));
        assertEquals(withoutForeign(spec), read(SpecWriter.compact(spec)));
    }

    @ParameterizedTest
    @MethodSource("good")
    void noKnownFieldIsLost(Path document) {
        byte[] original = Documents.bytes(document);

        String written = SpecWriter.compact(SpecReader.read(original));

        assertEquals(
                JsonNodes.withoutAbsent(JsonNodes.parse(original)),
                JsonNodes.withoutAbsent(JsonNodes.parse(utf8(written))));
    }

    @Test
    void absentIsNotZero() {
        Spec spec =
                read(
                        """
                        {"process": {"capabilities": {"bounding": []}, "oomScoreAdj": 0},
                         "hooks": {"poststop": [{"path": "/a"}, {"path": "/b", "env": []}]},
                         "linux": {"resources": {"memory": {"limit": 0}}}}
                        """);

        Capabilities capabilities = spec.process().orElseThrow().capabilities().orElseThrow();
        assertEquals(Optional.of(List.of()), capabilities.bounding());
        assertEquals(Optional.empty(), capabilities.effective());
        assertEquals(OptionalInt.of(0), spec.process().orElseThrow().oomScoreAdj());
        assertEquals(Optional.empty(), spec.hooks().poststop().get(0).env());
        assertEquals(Optional.of(List.of()), spec.hooks().poststop().get(1).env());
        assertEquals(OptionalLong.of(0), spec.linux().resources().memory().limit());
        assertEquals(OptionalLong.empty(), spec.linux().resources().memory().swap());
    }

    @Test
    void sixtyFourBitsWithoutSignSurvive() {
        Spec spec =
                read(
                        """
                        {"process": {"rlimits": [
                           {"type": "RLIMIT_CORE", "soft": 0, "hard": 18446744073709551615}]},
                         "linux": {"seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
                           {"names": ["x"], "action": "SCMP_ACT_TRAP", "args": [
                             {"index": 5, "value": 18446744073709551614, "op": "SCMP_CMP_NE"}]}]}}}
                        """);

        assertEquals(Rlimit.INFINITY, spec.process().orElseThrow().rlimits().get(0).hard());
        assertEquals(
                new ArgCondition(5, -2, 0, Operator.NE),
                spec.linux().seccomp().orElseThrow().syscalls().get(0).args().get(0));
    }

    @Test
    void sectionsForOtherPlatformsAreNamed() {
        assertEquals(
                List.of("windows", "zos"),
                read("{\"zos\": {}, \"windows\": {\"x\": 1}}").ignoredSections());
    }

    @Test
    void aSeccompThatDecidesNothingIsNone() {
        assertEquals(
                Optional.empty(),
                read("{\"linux\": {\"seccomp\": {\"defaultAction\": \"\"}}}").linux().seccomp());
    }

    @Test
    void longStringsAreRead() {
        String megabytes = "x".repeat(2 << 20);

        Spec spec = read("{\"process\": {\"env\": [\"A=" + megabytes + "\"]}}");

        assertEquals("A=" + megabytes, spec.process().orElseThrow().env().get(0));
    }

    @Test
    void aProcessAndResourcesCanStandAlone() {
        ProcessSpec process =
                SpecReader.readProcess(utf8("{\"cwd\": \"/\", \"args\": [\"id\"]}"), "p.json");
        Resources resources =
                SpecReader.readResources(utf8("{\"cpu\": {\"shares\": 512}}"), "r.json");

        assertEquals(List.of("id"), process.args());
        assertEquals(OptionalLong.of(512), resources.cpu().shares());
    }

    @Test
    void whatStandsAloneIsStillNamedByItsWholePath() {
        Failure failure =
                assertThrows(
                        Failure.class,
                        () -> SpecReader.readProcess(utf8("{\"env\": [1]}"), "p.json"));
        Failure malformed =
                assertThrows(Failure.class, () -> SpecReader.readResources(utf8("{"), "r.json"));

        assertEquals("process.env[0]: 1 is not a string; write it in quotes", failure.getMessage());
        assertTrue(malformed.getMessage().startsWith("r.json: line 1, column "));
    }

    @Test
    void recordsCopyTheirLists() {
        List<String> args = new java.util.ArrayList<>(List.of("sh"));
        Hook hook = new Hook("/a", args, Optional.of(args), OptionalInt.empty());

        args.add("-c");

        assertEquals(List.of("sh"), hook.args());
        assertEquals(Optional.of(List.of("sh")), hook.env());
    }

    @Test
    void recordsRefuseWhatMeansNothing() {
        assertThrows(Failure.class, () -> new IdMapping(0, 0, 0));
        assertThrows(Failure.class, () -> new Pids(OptionalLong.of(-2)));
        assertThrows(Failure.class, () -> new TimeOffset(0, 1_000_000_000));
        assertThrows(Failure.class, () -> new User(-1, 0, OptionalInt.empty(), List.of()));
        assertThrows(
                Failure.class,
                () ->
                        new DeviceRule(
                                true,
                                Optional.of(DeviceType.FIFO),
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                Optional.empty()));
    }

    private static Spec withoutForeign(Spec spec) {
        return new Spec(
                spec.ociVersion(),
                spec.root(),
                spec.process(),
                spec.hostname(),
                spec.domainname(),
                spec.mounts(),
                spec.hooks(),
                spec.annotations(),
                spec.linux(),
                List.of());
    }

    private static Spec read(String json) {
        return SpecReader.read(utf8(json));
    }

    private static byte[] utf8(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void propertyInTheWrongCaseIsNamed() {
        List<String> warnings = new ArrayList<>();
        String json =
                "{'ociVersion':'1.2.0','Hostname':'x','process':{'Args':['a']},'linux':{"
                        + "'resources':{'CPU':{'shares':7}},'namespaces':[{'Type':'pid','type':'pid'}]},"
                        + "'annotations':{'HOSTNAME':'y'},'mounts':[{'destination':'/x',"
                        + "'type':'tmpfs','Source':'t'}]}";

        SpecReader.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), warnings::add);

        assertEquals(
                List.of(
                        "process.Args: unknown property, did you mean args?, ignoring",
                        "Hostname: unknown property, did you mean hostname?, ignoring",
                        "mounts[0].Source: unknown property, did you mean source?, ignoring",
                        "linux.resources.CPU: unknown property, did you mean cpu?, ignoring"),
                warnings);
    }

    @ParameterizedTest
    @MethodSource("good")
    void documentsInTheRightCaseCauseNoWarning(Path document) {
        List<String> warnings = new ArrayList<>();

        SpecReader.read(Documents.bytes(document), warnings::add);

        assertEquals(List.of(), warnings);
    }
}
