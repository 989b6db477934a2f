// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.cgroup.Hierarchies;
import io.jrunc.confinement.audit.Audit;
import io.jrunc.confinement.audit.AuditTarget;
import io.jrunc.confinement.audit.Finding;
import io.jrunc.confinement.audit.HostSecurity;
import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.ExplainedStep;
import io.jrunc.host.Host;
import io.jrunc.linux.DryRunKernel;
import io.jrunc.linux.Failure;
import io.jrunc.spec.Spec;
import io.jrunc.spec.json.Documents;
import io.jrunc.spec.json.SpecDocument;
import io.jrunc.spec.json.SpecReader;
import io.jrunc.spec.json.SpecWriter;
import io.jrunc.testkit.HostileDocuments;
import io.jrunc.validate.HostFacts;
import io.jrunc.validate.Validator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever {@code config.json} holds: it is read, checked, planned and carried out on paper, or
 * refused in one sentence. {@code -Dfuzz.variants=N} and {@code -Dfuzz.seed=N} try others.
 */
class HostileConfigTest {
    private static final int VARIANTS = Integer.getInteger("fuzz.variants", 100_000);
    private static final long SEED = Long.getLong("fuzz.seed", 20250601);

    /** Far more than any sentence needs, and few enough for a log. */
    private static final int LONGEST_SENTENCE = 1000;

    private static final Pattern UNREADABLE =
            Pattern.compile("[\\p{Cc}\\p{Cs}\\u2028-\\u202e]|java\\.|Exception");

    private static final Pattern UPWARDS =
            Pattern.compile("/sys/fs/cgroup/[^\"<>]*/\\.\\.(/|[\"<>])");

    private static final Pattern OPENED = Pattern.compile("\\d<[^<>]*>");

    /** What may be called so: the device, and the word of JSON. */
    private static final Pattern OUR_NULL = Pattern.compile("/dev/null|the null device|'null'");

    private static final List<Hierarchies> HIERARCHIES = List.of(Hosts.V2, Hosts.V1, Hosts.HYBRID);

    private static final Audit AUDIT = new Audit(new DryRunKernel("audit", call -> {}));
    private static final HostSecurity PLAIN = new HostSecurity(true, true, Set.of("memory"));

    private int refused;
    private int warned;
    private int explained;

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void hostileDocumentsAreCarriedOutOnPaperOrRefusedInOneSentence(TestReporter reporter) {
        HostileDocuments documents =
                new HostileDocuments(SEED, Documents.bytes(Documents.engine("runc-spec")));
        Documents.good().forEach(file -> documents.begin(Documents.bytes(file)));
        Documents.bad().forEach(file -> documents.learn(Documents.bytes(file)));
        for (int i = 0; i < VARIANTS; i++) {
            byte[] document = documents.next();
            try {
                attempt(document, i);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("variant " + i + ": " + e + "\n" + text(document), e);
            }
        }
        reporter.publishEntry(
                VARIANTS + " documents",
                refused + " refused, " + explained + " explained, " + warned + " warnings");
        // Else they would not reach what they are to try.
        assertTrue(explained > VARIANTS / 5, () -> "only " + explained + " were explained");
        assertTrue(refused > VARIANTS / 5, () -> "only " + refused + " were refused");
    }

    private void attempt(byte[] json, int number) {
        Host host = host(number);
        Bundle bundle;
        try {
            Spec spec = SpecReader.read(json);
            if (number % 50 == 0) { // it takes far longer than all else
                judge(json, spec);
            }
            String written = SpecWriter.compact(spec);
            assertEquals(written, writtenAgain(written), "it changes when it is read again");
            List<String> warnings = Validator.check(spec, host.facts());
            warnings.forEach(warning -> assertSentence(warning, json));
            warned += warnings.size();
            bundle = new Bundle("/bundle", json, spec, warnings);
            Containers.explain("web1", bundle, host, Hosts.MANAGER)
                    .forEach(HostileConfigTest::assertHarmless);
            explained++;
        } catch (Failure failure) {
            assertSentence(failure.getMessage(), json);
            refused++;
        }
    }

    /** An audit judges what no container could be made of, too, and never makes it worse. */
    private static void judge(byte[] json, Spec spec) {
        List<Finding> findings = AUDIT.judge(AuditTarget.ofBundle(spec, "/bundle", PLAIN));
        findings.forEach(finding -> assertSentence(finding.problem(), json));
        SpecDocument document = SpecDocument.parse(json);
        Audit.fix(document, findings);
        SpecReader.read(document.text());
    }

    private static String writtenAgain(String json) {
        return SpecWriter.compact(SpecReader.read(json.getBytes(StandardCharsets.UTF_8)));
    }

    /** All kinds in turn, root's and other people's. */
    private static Host host(int number) {
        Hierarchies hierarchies = HIERARCHIES.get(number % HIERARCHIES.size());
        HostFacts facts =
                new HostFacts(
                        number % 8 != 0,
                        number % 5 != 0,
                        number % 7 != 0,
                        hierarchies.isPureV2(),
                        false,
                        40);
        return new Host(facts, hierarchies, Optional.of("/sys/fs/resctrl"));
    }

    /** It can be printed, and no cgroup is outside of those of all containers. */
    private static void assertHarmless(ExplainedStep step) {
        assertTrue(!UNREADABLE.matcher(step.title()).find(), step::title);
        for (String call : step.calls()) {
            assertTrue(!UNREADABLE.matcher(call).find(), call);
            boolean inRoot = call.contains("resolve=RESOLVE_IN_ROOT"); // the container's own path
            String withoutNames = OPENED.matcher(call).replaceAll(""); // of what was opened before
            assertTrue(inRoot || !UPWARDS.matcher(withoutNames).find(), call);
        }
    }

    private static void assertSentence(String text, byte[] document) {
        assertTrue(text.length() <= LONGEST_SENTENCE, () -> text.length() + " characters: " + text);
        assertTrue(!UNREADABLE.matcher(text).find(), () -> "not for people: " + text);
        boolean ours = OUR_NULL.matcher(text).replaceAll("").contains("null");
        assertTrue(!ours || text(document).contains("null"), () -> "whose null: " + text);
    }

    private static String text(byte[] document) {
        return new String(document, StandardCharsets.UTF_8);
    }
}
