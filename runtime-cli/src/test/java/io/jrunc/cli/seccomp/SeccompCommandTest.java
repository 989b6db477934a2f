// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jrunc.cli.Caller;
import io.jrunc.spec.json.ProfileReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands about filters that need neither root nor a container. */
class SeccompCommandTest {
    private static final String PROFILE =
            """
            {"defaultAction": "SCMP_ACT_ERRNO",
             "archMap": [{"architecture": "SCMP_ARCH_X86_64",
                          "subArchitectures": ["SCMP_ARCH_X86"]}],
             "syscalls": [
               {"names": ["bpf"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_BPF"]}},
               {"names": ["ptrace"], "action": "SCMP_ACT_ALLOW",
                "includes": {"minKernel": "4.8"}},
               {"names": ["read", "write", "mseal"], "action": "SCMP_ACT_ALLOW"},
               {"names": ["ioctl"], "action": "SCMP_ACT_ERRNO", "errnoRet": 25,
                "args": [{"index": 1, "value": 255, "valueTwo": 3, "op": "SCMP_CMP_MASKED_EQ"}]}]}
            """;

    @TempDir Path directory;
    private Caller caller;

    @BeforeEach
    void standHere() throws IOException {
        caller = new Caller(directory);
        Files.writeString(directory.resolve("profile.json"), PROFILE);
        Files.writeString(
                directory.resolve("config.json"), "{\"linux\": {\"seccomp\": " + PROFILE + "}}");
    }

    private Caller.Result run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("seccomp"));
        all.addAll(List.of(arguments));
        return caller.run(all.toArray(new String[0]));
    }

    private String output(String... arguments) {
        Caller.Result result = run(arguments);
        assertEquals(0, result.status(), result::toString);
        return result.out();
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    @Test
    void profileIsResolvedForCapabilitiesArchitectureAndKernel() {
        JsonNode plain = json(output("resolve", "profile.json", "--arch", "amd64"));
        JsonNode other =
                json(
                        output(
                                "resolve",
                                "profile.json",
                                "--arch=arm64",
                                "--kernel=4.7.0-rc1",
                                "--cap=default,bpf"));

        assertEquals(
                "[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"]", plain.get("architectures").toString());
        assertEquals(false, other.has("architectures"));
        assertEquals("[\"ptrace\"]", plain.at("/syscalls/0/names").toString());
        assertEquals("[\"bpf\"]", other.at("/syscalls/0/names").toString());
        assertEquals("[\"read\",\"write\",\"mseal\"]", other.at("/syscalls/1/names").toString());
        assertEquals(25, other.at("/syscalls/2/errnoRet").asInt());
    }

    @ParameterizedTest
    @CsvSource({"default", "strict", "audit"})
    void ownProfilesAreResolvedToWhatCanBeResolvedAgain(String name) throws IOException {
        String resolved = output("resolve", name, "--cap", "all");
        Files.writeString(directory.resolve("flat.json"), resolved);

        assertEquals(resolved, output("resolve", "flat.json"));
        assertTrue(ProfileReader.read(resolved.getBytes(StandardCharsets.UTF_8), name).isPresent());
        output("diff", name, "flat.json", "--cap", "all");
    }

    @Test
    void specHasAFilterOnlyIfAsked() throws IOException {
        Files.delete(directory.resolve("config.json"));

        assertEquals(0, caller.run("spec", "--file", "plain.json").status());
        assertEquals(0, caller.run("spec", "--seccomp", "strict").status());
        assertEquals(
                0, caller.run("spec", "--file", "own.json", "--seccomp=profile.json").status());

        assertEquals(false, written("plain.json").at("/linux").has("seccomp"));
        assertEquals(
                json(output("resolve", "strict")), written("config.json").at("/linux/seccomp"));
        assertEquals(
                json(output("resolve", "profile.json")), written("own.json").at("/linux/seccomp"));
        assertEquals("", output("diff", "strict", "config.json"));
    }

    @Test
    void specWithAnUnknownFilterWritesNothing() throws IOException {
        Files.delete(directory.resolve("config.json"));

        Caller.Result spec = caller.run("spec", "--seccomp", "nosuch");

        assertEquals(1, spec.status());
        assertTrue(spec.err().contains("no profile of jrunc"), spec.err());
        assertTrue(Files.notExists(directory.resolve("config.json")));
    }

    private JsonNode written(String file) throws IOException {
        return json(Files.readString(directory.resolve(file)));
    }

    @Test
    void filterIsShownAsPseudoCode() {
        String text = output("show", "profile.json", "--arch", "x86_64");

        assertTrue(text.contains("\n  mseal, ptrace, read, write:\n    return ALLOW\n"), text);
        assertTrue(text.contains("\n  ioctl:\n    if (arg1 & 255) == 3: return"), text);
        assertTrue(text.contains("\nSCMP_ARCH_X86:\n"), text);
        assertTrue(text.contains("\n  numbers without a name: "), text);
        assertTrue(text.matches("(?s)\\d+ instructions; a call takes at most \\d+, on .*"), text);
    }

    @Test
    void filterIsShownAsJson() {
        JsonNode json = json(output("show", "profile.json", "--format", "json", "--arch=arm64"));

        assertEquals(
                "[\"mseal\",\"ptrace\",\"read\",\"write\"]",
                calls(json, "return ALLOW").toString());
        assertTrue(json.at("/instructions/average").asDouble() > 1);
        assertTrue(
                json.at("/instructions/worst").asInt() <= json.at("/instructions/total").asInt());
        assertEquals(4, json.at("/instructions/alwaysAllowed").asInt());
    }

    private static JsonNode calls(JsonNode shown, String code) {
        for (JsonNode group : shown.at("/architectures/0/groups")) {
            if (group.at("/code/0").asText().equals(code)) {
                return group.get("calls");
            }
        }
        throw new AssertionError(shown);
    }

    @Test
    void instructionsAreListed() {
        assertTrue(output("show", "strict", "--listing").startsWith("   0  load arch\n"));
    }

    /** linux.seccomp is flat: runtimes do not know what engines resolve. */
    @Test
    void bundleHereIsTheDefault() {
        String config = output("show", "--arch=arm64");

        assertTrue(config.contains("\n  bpf, mseal, ptrace, read, write:\n"), config);
        assertEquals(config, output("show", "--arch=arm64", "--bundle", "."));
        assertEquals(config, output("show", "--arch=arm64", directory.toString()));
    }

    @Test
    void decisionIsReportedWithItsRule() {
        String[] question = {"check", "--profile=profile.json", "--arch=arm64", "--cap=none"};

        assertEquals(
                """
                ioctl(0, 0x103) on SCMP_ARCH_AARCH64, number 29:
                  return ERRNO ENOTTY
                  by syscalls[3], ioctl, if (arg1 & 255) == 3: ERRNO ENOTTY
                """,
                check(question, "ioctl", "0", "0x103"));
        assertEquals(
                """
                ioctl(0, -1) on SCMP_ARCH_AARCH64, number 29:
                  return ERRNO EPERM
                  by the default action: ERRNO EPERM
                """,
                check(question, "ioctl", "0", "-1"));
        assertEquals(
                """
                ioctl() on SCMP_ARCH_AARCH64, number 29:
                  if (arg1 & 255) == 3: return ERRNO ENOTTY
                  return ERRNO EPERM
                  by syscalls[3], ioctl, if (arg1 & 255) == 3: ERRNO ENOTTY
                  else the default action: ERRNO EPERM
                """,
                check(question, "ioctl"));
        assertEquals(
                """
                read() on SCMP_ARCH_AARCH64, number 63:
                  return ALLOW
                  by syscalls[2], read and 2 more: ALLOW
                """,
                check(question, "63"));
        assertTrue(check(question, "5000").contains("  by its number: it is newer than all"));
        assertEquals("vm86: no architecture of the filter has it\n", check(question, "vm86"));
    }

    private String check(String[] question, String... call) {
        List<String> all = new ArrayList<>(List.of(question));
        all.addAll(List.of(call));
        return output(all.toArray(new String[0]));
    }

    @Test
    void decisionIsReportedAsJson() {
        JsonNode json =
                json(
                        output(
                                "check",
                                "--profile=profile.json",
                                "--format=json",
                                "--arch=amd64",
                                "--cap=none",
                                "write"));

        assertEquals(2, json.size());
        assertEquals("SCMP_ARCH_X86_64", json.at("/0/architecture").asText());
        assertEquals("write", json.at("/0/call").asText());
        assertEquals(1, json.at("/0/number").asInt());
        assertEquals(2, json.at("/0/rules/0/index").asInt());
        assertEquals("ALLOW", json.at("/0/rules/0/outcome").asText());
        assertEquals(4, json.at("/1/number").asInt());
    }

    @Test
    void differencesAreReportedAndAreStatus1() throws IOException {
        Files.writeString(
                directory.resolve("other.json"),
                PROFILE.replace("\"value\": 255", "\"value\": 15"));

        Caller.Result same = run("diff", "profile.json", "profile.json");
        Caller.Result text = run("diff", "profile.json", "other.json", "--arch=arm64");
        Caller.Result json = run("diff", "profile.json", "other.json", "--format=json");

        assertEquals(0, same.status(), same::toString);
        assertEquals("", same.out());
        assertEquals(1, text.status(), text::toString);
        assertEquals(
                """
                - profile.json
                + other.json

                SCMP_ARCH_AARCH64: ioctl:
                - if (arg1 & 255) == 3: return ERRNO ENOTTY
                - return ERRNO EPERM
                + if (arg1 & 15) == 3: return ERRNO ENOTTY
                + return ERRNO EPERM
                """,
                text.out());
        assertEquals(1, json.status(), json::toString);
        assertEquals("[\"ioctl\"]", json(json.out()).at("/0/calls").toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "show nosuch|1|nosuch\\\" is no file, and no profile of jrunc; write default, strict",
                "resolve strict --cap CAP_ROOT|1|--cap: \\\"CAP_ROOT\\\" is no capability; write",
                "resolve strict --arch vax|1|--arch: \\\"vax\\\" is no architecture; write one",
                "resolve strict --kernel new|1|--kernel: \\\"new\\\" is no version; write two",
                "show strict --bundle .|1|a profile, --bundle and --container exclude each other",
                "check --profile strict frob|1|\\\"frob\\\" is no system call that is known here",
                "check --profile strict read x|1|\\\"x\\\" is no argument of read; write a",
                "check --profile strict read 1 2 3 4 5 6 7|1|requires a maximum of 7 argument(s)",
                "diff strict|2|requires exactly 2 argument(s)",
                "diff strict nosuch|2|nosuch\\\" is no file, and no profile",
                "diff strict bad.json|2|bad.json: syscalls[0].action: \\\"YES\\\" is not an action",
                "show empty.json|1|empty.json: has no filter of system calls; write one that has",
                "show strict --format xml|1|invalid format option",
            })
    void badInputIsOneSentence(String command, int status, String sentence) throws IOException {
        Files.writeString(directory.resolve("empty.json"), "{\"linux\": {}}");
        Files.writeString(
                directory.resolve("bad.json"),
                "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\":"
                        + " [{\"names\": [\"a\"], \"action\": \"YES\"}]}");

        Caller.Result result = run(command.split(" ", -1));

        assertEquals(status, result.status(), result::toString);
        assertTrue(result.err().contains(sentence), result::toString);
        assertEquals(1, result.err().lines().count(), result::toString);
    }
}
