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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The limits that update takes as options. An option that is absent changes nothing. */
final class UpdateFlags {
    private final ParseResult arguments;

    private UpdateFlags(ParseResult arguments) {
        this.arguments = arguments;
    }

    static void describe(CommandSpec spec) {
        add(spec, "10-1000", "share of block I/O", "--blkio-weight");
        add(spec, "MICROSECONDS", "period of the CPU quota", "--cpu-period");
        add(spec, "MICROSECONDS", "CPU time per period, -1 for no limit", "--cpu-quota");
        add(spec, "MICROSECONDS", "CPU time that may be saved for bursts", "--cpu-burst");
        add(spec, "N", "share of CPU time", "--cpu-share");
        add(spec, "MICROSECONDS", "period of the real-time quota", "--cpu-rt-period");
        add(spec, "MICROSECONDS", "real-time CPU time per period", "--cpu-rt-runtime");
        add(spec, "LIST", "CPUs to run on", "--cpuset-cpus");
        add(spec, "LIST", "memory nodes to use", "--cpuset-mems");
        add(spec, "BYTES", "limit of memory, -1 for none; 512m and its like", "--memory");
        add(spec, "BYTES", "limit of memory and swap, -1 for none", "--memory-swap");
        add(spec, "BYTES", "memory that is left when it is short", "--memory-reservation");
        add(spec, "0|1", "whether all its processes are idle ones", "--cpu-idle");
        add(spec, "N", "limit of tasks, -1 for none", "--pids-limit");
        add(spec, "SCHEMA", "parts of the L3 cache: L3:0=f;1=f0", "--l3-cache-schema");
        add(spec, "SCHEMA", "shares of memory bandwidth: MB:0=20;1=70", "--mem-bw-schema");
        spec.addOption(Command.hiddenOption("--kernel-memory"));
        spec.addOption(Command.hiddenOption("--kernel-memory-tcp"));
    }

    private static void add(CommandSpec spec, String label, String description, String name) {
        spec.addOption(Command.option(label, description, name));
    }

    static Resources resources(ParseResult arguments, Consumer<String> warnings) {
        UpdateFlags flags = new UpdateFlags(arguments);
        for (String gone : new String[] {"--kernel-memory", "--kernel-memory-tcp"}) {
            if (Command.has(arguments, gone)) {
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
    static Optional<IntelRdt> rdt(ParseResult arguments) {
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
        String value = Command.value(arguments, option, "");
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
        return Command.has(arguments, option)
                ? OptionalLong.of(GoNumber.anyBase(option, Command.value(arguments, option, "")))
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
