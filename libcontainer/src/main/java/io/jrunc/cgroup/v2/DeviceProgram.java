// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import io.jrunc.spec.DeviceRule;
import io.jrunc.spec.DeviceType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * An eBPF program that decides whether a process of a cgroup may use a device: of the rules that
 * name the device, the last one about a kind of access counts, and what no rule is about is denied.
 * Source: kernel documentation, bpf/prog_cgroup_device; {@code struct bpf_cgroup_dev_ctx}.
 *
 * <pre>
 *   r1 = access &lt;&lt; 16 | type, major, minor     what is asked for
 *   for each rule, the last one first, unless it is about another device:
 *     deny:   does it deny some access that is not decided yet?   return 0
 *     allow:  what it allows is decided; is all decided?          return 1
 *   return 0
 * </pre>
 */
final class DeviceProgram {
    private static final int LDX_WORD = 0x61;
    private static final int AND = 0x54;
    private static final int SHIFT_RIGHT = 0x74;
    private static final int MOVE = 0xbc;
    private static final int SET = 0xb4;
    private static final int JUMP_NOT_EQUAL = 0x56;
    private static final int JUMP_IF_SET = 0x46;
    private static final int JUMP = 0x05;
    private static final int EXIT = 0x95;

    private static final int RESULT = 0;
    private static final int CONTEXT = 1;
    private static final int TYPE = 2;
    private static final int ACCESS = 3;
    private static final int MAJOR = 4;
    private static final int MINOR = 5;

    private static final int MKNOD = 1;
    private static final int READ = 2;
    private static final int WRITE = 4;
    private static final int ALL = MKNOD | READ | WRITE;
    private static final int BLOCK = 1;
    private static final int CHARACTER = 2;

    private static final int INSTRUCTION_BYTES = 8;
    private static final int LOW_HALF = 0xffff;

    /** One instruction; {@code code} and registers as in linux/bpf.h. */
    private record Instruction(int code, int to, int from, int offset, int value) {}

    private final List<Instruction> program = new ArrayList<>();

    private DeviceProgram() {}

    /**
     * Returns the program for {@code rules}, in their order: {@code struct bpf_insn}, native byte
     * order.
     */
    static byte[] of(List<DeviceRule> rules) {
        DeviceProgram made = new DeviceProgram();
        made.readContext();
        boolean reached = true;
        for (int i = rules.size() - 1; i >= 0 && reached; i--) {
            reached = made.rule(rules.get(i));
        }
        if (reached) {
            made.answer(0);
        }
        return made.bytes();
    }

    private void readContext() {
        add(LDX_WORD, TYPE, CONTEXT, 0, 0);
        add(MOVE, ACCESS, TYPE, 0, 0);
        add(AND, TYPE, 0, 0, LOW_HALF);
        add(SHIFT_RIGHT, ACCESS, 0, 0, 16);
        add(LDX_WORD, MAJOR, CONTEXT, 4, 0);
        add(LDX_WORD, MINOR, CONTEXT, 8, 0);
    }

    /** Returns whether what follows can be reached: the kernel refuses dead instructions. */
    private boolean rule(DeviceRule rule) {
        int access = access(rule.access().orElse(""));
        List<Instruction> decision = rule.allow() ? allow(access) : deny(access);
        List<Instruction> tests = new ArrayList<>();
        if (rule.type().isPresent()) {
            int type = rule.type().get() == DeviceType.BLOCK ? BLOCK : CHARACTER;
            tests.add(new Instruction(JUMP_NOT_EQUAL, TYPE, 0, 0, type));
        }
        if (rule.major().orElse(-1) >= 0) {
            tests.add(new Instruction(JUMP_NOT_EQUAL, MAJOR, 0, 0, rule.major().getAsInt()));
        }
        if (rule.minor().orElse(-1) >= 0) {
            tests.add(new Instruction(JUMP_NOT_EQUAL, MINOR, 0, 0, rule.minor().getAsInt()));
        }
        for (int i = 0; i < tests.size(); i++) {
            int past = tests.size() - 1 - i + decision.size();
            Instruction test = tests.get(i);
            add(test.code, test.to, 0, past, test.value);
        }
        program.addAll(decision);
        return !tests.isEmpty() || rule.allow() || access != ALL;
    }

    private static List<Instruction> deny(int access) {
        List<Instruction> deny = new ArrayList<>();
        if (access != ALL) {
            deny.add(new Instruction(JUMP_IF_SET, ACCESS, 0, 1, access));
            deny.add(new Instruction(JUMP, 0, 0, 2, 0));
        }
        deny.add(new Instruction(SET, RESULT, 0, 0, 0));
        deny.add(new Instruction(EXIT, 0, 0, 0, 0));
        return deny;
    }

    private static List<Instruction> allow(int access) {
        return List.of(
                new Instruction(AND, ACCESS, 0, 0, ALL & ~access),
                new Instruction(JUMP_NOT_EQUAL, ACCESS, 0, 2, 0),
                new Instruction(SET, RESULT, 0, 0, 1),
                new Instruction(EXIT, 0, 0, 0, 0));
    }

    private void answer(int result) {
        add(SET, RESULT, 0, 0, result);
        add(EXIT, 0, 0, 0, 0);
    }

    /** Absent is all. */
    private static int access(String letters) {
        int access = 0;
        for (int i = 0; i < letters.length(); i++) {
            char letter = letters.charAt(i);
            access |= letter == 'r' ? READ : letter == 'w' ? WRITE : MKNOD;
        }
        return access == 0 ? ALL : access;
    }

    private void add(int code, int to, int from, int offset, int value) {
        program.add(new Instruction(code, to, from, offset, value));
    }

    private byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(INSTRUCTION_BYTES * program.size());
        bytes.order(ByteOrder.nativeOrder());
        for (Instruction one : program) {
            bytes.put((byte) one.code).put((byte) (one.from << 4 | one.to));
            bytes.putShort((short) one.offset).putInt(one.value);
        }
        return bytes.array();
    }
}
