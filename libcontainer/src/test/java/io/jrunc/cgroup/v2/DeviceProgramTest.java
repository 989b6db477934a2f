// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.spec.DeviceRule;
import io.jrunc.spec.DeviceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The program is run, and must decide as a plain reading of the rules does. */
class DeviceProgramTest {
    private static final int MKNOD = 1;
    private static final int READ = 2;
    private static final int WRITE = 4;

    private static DeviceRule rule(
            boolean allow, DeviceType type, int major, int minor, String access) {
        return new DeviceRule(
                allow,
                Optional.ofNullable(type),
                major < 0 ? OptionalInt.empty() : OptionalInt.of(major),
                minor < 0 ? OptionalInt.empty() : OptionalInt.of(minor),
                Optional.of(access));
    }

    private static boolean decides(
            List<DeviceRule> rules, DeviceType type, int major, int minor, int access) {
        int number = type == DeviceType.BLOCK ? 1 : 2;
        return BpfMachine.run(DeviceProgram.of(rules), access << 16 | number, major, minor) == 1;
    }

    /** The last rule that names the device and the kind of access. */
    private static boolean reading(
            List<DeviceRule> rules, DeviceType type, int major, int minor, int access) {
        for (int bit : new int[] {MKNOD, READ, WRITE}) {
            if ((access & bit) != 0 && !readingOfOne(rules, type, major, minor, bit)) {
                return false;
            }
        }
        return true;
    }

    private static boolean readingOfOne(
            List<DeviceRule> rules, DeviceType type, int major, int minor, int bit) {
        boolean allowed = false;
        String letter = bit == MKNOD ? "m" : bit == READ ? "r" : "w";
        for (DeviceRule rule : rules) {
            String letters = rule.access().orElse("");
            boolean fits =
                    (rule.type().isEmpty() || rule.type().get() == type)
                            && rule.major().orElse(major) == major
                            && rule.minor().orElse(minor) == minor
                            && (letters.isEmpty() || letters.contains(letter));
            allowed = fits ? rule.allow() : allowed;
        }
        return allowed;
    }

    @Test
    void devicesWithoutARuleAreDenied() {
        assertEquals(false, decides(List.of(), DeviceType.CHARACTER, 1, 3, READ));
    }

    @Test
    void readAndWriteMayBeAllowedByTwoRules() {
        List<DeviceRule> rules =
                List.of(
                        rule(true, DeviceType.CHARACTER, 1, 3, "r"),
                        rule(true, DeviceType.CHARACTER, 1, 3, "w"));

        assertTrue(decides(rules, DeviceType.CHARACTER, 1, 3, READ | WRITE));
    }

    @Test
    void laterRuleTakesOneKindOfAccessAway() {
        List<DeviceRule> rules =
                List.of(
                        rule(true, null, -1, -1, "rwm"),
                        rule(false, DeviceType.CHARACTER, 1, 3, "w"));

        assertTrue(decides(rules, DeviceType.CHARACTER, 1, 3, READ));
        assertEquals(false, decides(rules, DeviceType.CHARACTER, 1, 3, READ | WRITE));
        assertTrue(decides(rules, DeviceType.BLOCK, 1, 3, WRITE));
    }

    @Test
    void anyRulesDecideAsTheyRead() {
        Random random = new Random(5);
        String[] letters = {"r", "w", "m", "rw", "rwm", ""};
        DeviceType[] types = {null, DeviceType.BLOCK, DeviceType.CHARACTER};
        for (int round = 0; round < 2_000; round++) {
            List<DeviceRule> rules = new ArrayList<>();
            for (int i = random.nextInt(8); i > 0; i--) {
                rules.add(
                        rule(
                                random.nextBoolean(),
                                types[random.nextInt(types.length)],
                                random.nextInt(4) - 1,
                                random.nextInt(4) - 1,
                                letters[random.nextInt(letters.length)]));
            }
            assertDecidesAlike(rules);
        }
    }

    private static void assertDecidesAlike(List<DeviceRule> rules) {
        for (DeviceType type : List.of(DeviceType.BLOCK, DeviceType.CHARACTER)) {
            for (int number = 0; number < 9; number++) {
                for (int access = 1; access < 8; access++) {
                    int major = number / 3;
                    int minor = number % 3;
                    assertEquals(
                            reading(rules, type, major, minor, access),
                            decides(rules, type, major, minor, access),
                            rules + " " + type + " " + major + ":" + minor + " " + access);
                }
            }
        }
    }
}
