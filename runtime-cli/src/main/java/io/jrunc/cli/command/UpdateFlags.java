// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.linux.Failure;
import io.jrunc.spec.BlockIo;
import io.jrunc.spec.Cpu;
import io.jrunc.spec.IntelRdt;
import io.jrunc.spec.Memory;
import io.jrunc.spec.NetworkClass;
import io.jrunc.spec.Pids;
import io.jrunc.spec.Resources;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** The limits that update takes as options. An option that is absent changes nothing. */
final class UpdateFlags {
    private final Arguments arguments;

    private UpdateFlags(Arguments arguments) {
        this.arguments = arguments;
    }

    static void describe(Syntax syntax) {
        syntax.option("10-1000", "share of block I/O", "--blkio-weight");
        syntax.option("MICROSECONDS", "period of the CPU quota", "--cpu-period");
        syntax.option("MICROSECONDS", "CPU time per period, -1 for no limit", "--cpu-quota");
        syntax.option("MICROSECONDS", "CPU time that may be saved for bursts", "--cpu-burst");
        syntax.option("N", "share of CPU time", "--cpu-share");
        syntax.option("MICROSECONDS", "period of the real-time quota", "--cpu-rt-period");
        syntax.option("MICROSECONDS", "real-time CPU time per period", "--cpu-rt-runtime");
        syntax.option("LIST", "CPUs to run on", "--cpuset-cpus");
        syntax.option("LIST", "memory nodes to use", "--cpuset-mems");
        syntax.option("BYTES", "limit of memory, -1 for none; 512m and its like", "--memory");
        syntax.option("BYTES", "limit of memory and swap, -1 for none", "--memory-swap");
        syntax.option("BYTES", "memory that is left when it is short", "--memory-reservation");
        syntax.option("0|1", "whether all its processes are idle ones", "--cpu-idle");
        syntax.option("N", "limit of tasks, -1 for none", "--pids-limit");
        syntax.option("SCHEMA", "parts of the L3 cache: L3:0=f;1=f0", "--l3-cache-schema");
        syntax.option("SCHEMA", "shares of memory bandwidth: MB:0=20;1=70", "--mem-bw-schema");
        syntax.hidden("--kernel-memory");
        syntax.hidden("--kernel-memory-tcp");
    }

    static Resources resources(Arguments arguments, Consumer<String> warnings) {
        UpdateFlags flags = new UpdateFlags(arguments);
        for (String gone : new String[] {"--kernel-memory", "--kernel-memory-tcp"}) {
            if (arguments.has(gone)) {
                warnings.accept(gone + ": kernels no longer know it, ignoring");
            }
        }
        return new Resources(
                List.of(),
                flags.memory(),
                flags.cpu(),
                new Pids(flags.anyBase("--pids-limit")),
                flags.blockIo(),
                List.of(),
                NetworkClass.NONE,
                Map.of(),
                Map.of());
    }

    /** Parts of caches and of memory bandwidth; absent: none is named. */
    static Optional<IntelRdt> rdt(Arguments arguments) {
        UpdateFlags flags = new UpdateFlags(arguments);
        Optional<String> cache = flags.text("--l3-cache-schema");
        Optional<String> bandwidth = flags.text("--mem-bw-schema");
        return cache.isEmpty() && bandwidth.isEmpty()
                ? Optional.empty()
                : Optional.of(new IntelRdt(Optional.empty(), List.of(), cache, bandwidth, false));
    }

    private Memory memory() {
        return Memory.limits(
                bytes("--memory"), bytes("--memory-reservation"), bytes("--memory-swap"));
    }

    private Cpu cpu() {
        return new Cpu(
                unsigned("--cpu-share"),
                signed("--cpu-quota"),
                unsigned("--cpu-burst"),
                unsigned("--cpu-period"),
                signed("--cpu-rt-runtime"),
                unsigned("--cpu-rt-period"),
                text("--cpuset-cpus"),
                text("--cpuset-mems"),
                small("--cpu-idle", signed("--cpu-idle")));
    }

    private BlockIo blockIo() {
        return new BlockIo(
                small("--blkio-weight", anyBase("--blkio-weight")),
                OptionalInt.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private Optional<String> text(String option) {
        String value = arguments.value(option, "");
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    private OptionalLong unsigned(String option) {
        Optional<String> text = text(option);
        return text.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(GoNumber.unsigned(option, text.get()));
    }

    private OptionalLong signed(String option) {
        Optional<String> text = text(option);
        return text.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(GoNumber.signed(option, text.get()));
    }

    private OptionalLong anyBase(String option) {
        return arguments.has(option)
                ? OptionalLong.of(GoNumber.anyBase(option, arguments.value(option, "")))
                : OptionalLong.empty();
    }

    private static OptionalInt small(String option, OptionalLong number) {
        if (number.isEmpty()) {
            return OptionalInt.empty();
        }
        if (number.getAsLong() != (int) number.getAsLong()) {
            throw Failure.of(
                    Failure.Code.USAGE,
                    option + ": \"" + number.getAsLong() + "\" is too large; see --help");
        }
        return OptionalInt.of((int) number.getAsLong());
    }

    private OptionalLong bytes(String option) {
        Optional<String> text = text(option);
        return text.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(GoNumber.bytes(option, text.get()));
    }
}
